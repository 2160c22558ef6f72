package io.meshagent.grpc.server;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.meshagent.grpc.base.IdentityCache;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Whom the certificate at the other end of a connection names: its alternative names that are URIs
 * (SPIFFE's, say), then those of DNS; the common name of its subject where there are none of these.
 * Read once a connection. Thread-safe.
 */
final class PeerNames {

  private static final IdentityCache<SSLSession, List<String>> BY_SESSION = new IdentityCache<>();

  /** A certificate may be made to have very many. */
  private static final int MOST = 20;

  private static final int LONGEST = 500;

  /** RFC 5280, section 4.2.1.6. */
  private static final int DNS = 2;

  private static final int URI = 6;

  private static final String COMMON_NAME = "CN=";

  private PeerNames() {}

  /**
   * Whom the certificate of a connection names.
   *
   * @param connection the attributes of a server's call; null for none
   * @return empty where no certificate was asked for or shown
   */
  static List<String> of(Attributes connection) {
    SSLSession session =
        connection == null ? null : connection.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      return Collections.emptyList();
    }
    List<String> known = BY_SESSION.find(session);
    return known != null ? known : BY_SESSION.add(session, read(session));
  }

  private static List<String> read(SSLSession session) {
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate
          ? named((X509Certificate) chain[0])
          : Collections.emptyList();
    } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
      return Collections.emptyList();
    }
  }

  private static List<String> named(X509Certificate certificate)
      throws CertificateParsingException {
    List<String> names = new ArrayList<>();
    Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
    if (alternatives != null) {
      add(names, alternatives, URI);
      add(names, alternatives, DNS);
    }
    String common =
        names.isEmpty() ? commonName(certificate.getSubjectX500Principal().getName()) : null;
    if (common != null && common.length() <= LONGEST) {
      names.add(common);
    }
    return Collections.unmodifiableList(names);
  }

  private static void add(List<String> names, Collection<List<?>> alternatives, int kind) {
    for (List<?> each : alternatives) {
      Object name = each.get(1);
      if (each.get(0).equals(kind)
          && name instanceof String
          && ((String) name).length() <= LONGEST
          && names.size() < MOST) {
        names.add((String) name);
      }
    }
  }

  /**
   * The first common name of a subject as RFC 2253 writes it; null without one, and for one with
   * characters that have to be escaped: another part of the subject must not pass for it.
   */
  static String commonName(String subject) {
    int from = 0;
    for (int i = 0; i <= subject.length(); i++) {
      char next = i == subject.length() ? ',' : subject.charAt(i);
      if (next == '\\') {
        i++;
      } else if (next == ',' || next == '+') {
        String part = subject.substring(from, i);
        if (part.startsWith(COMMON_NAME)) {
          String name = part.substring(COMMON_NAME.length());
          return name.isEmpty() || name.matches(".*[\\\\\"#].*") ? null : name;
        }
        from = i + 1;
      }
    }
    return null;
  }
}
