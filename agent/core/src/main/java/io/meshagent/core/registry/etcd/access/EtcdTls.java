package io.meshagent.core.registry.etcd.access;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;

/**
 * Whom we trust and who we are, where etcd is reached by TLS: PEM files, read by {@link #context}.
 * Immutable. The JDK's own TLS is used; the name in etcd's certificate is always checked.
 */
public final class EtcdTls {

  /** The JVM's own trust store, and no certificate of ours. */
  static final EtcdTls DEFAULT = new EtcdTls("", "", "", "");

  private final String ca;
  private final String cert;
  private final String key;
  private final String serverName;

  /**
   * Each may be empty.
   *
   * @param ca the file of the certificates that etcd's has to come from; empty for the JVM's trust
   *     store
   * @param cert the file of our own certificate, with those between it and its authority behind it
   * @param key the file of our own certificate's key
   * @param serverName the name in etcd's certificate, if it is not that of the endpoint
   */
  public EtcdTls(String ca, String cert, String key, String serverName) {
    this.ca = ca;
    this.cert = cert;
    this.key = key;
    this.serverName = serverName;
  }

  /** Whether anything is set. */
  public boolean isConfigured() {
    return !(ca + cert + key + serverName).isEmpty();
  }

  /** Null if the endpoint's own host is the name. */
  public String serverName() {
    return serverName.isEmpty() ? null : serverName;
  }

  /**
   * Reads the files. For one connection: the next one reads them again.
   *
   * @throws IOException with a clause that names the file and says what is wrong
   */
  public SslContext context() throws IOException {
    if (!SslProvider.isAlpnSupported(SslProvider.JDK)) {
      throw new IOException(
          "this Java ("
              + System.getProperty("java.version")
              + ") has no ALPN, which TLS to etcd needs; Java 8 has it from 8u252 on");
    }
    if (cert.isEmpty() != key.isEmpty()) {
      throw new IOException(
          "etcd.tls.cert and etcd.tls.key are of use only together, and "
              + (cert.isEmpty() ? "etcd.tls.cert" : "etcd.tls.key")
              + " is not set");
    }
    SslContextBuilder builder = SslContextBuilder.forClient();
    if (!ca.isEmpty()) {
      builder.trustManager(SecretFile.read("etcd.tls.ca", ca).certificates());
    }
    if (!cert.isEmpty()) {
      builder.keyManager(
          PemKey.of(SecretFile.read("etcd.tls.key", key)),
          SecretFile.read("etcd.tls.cert", cert).certificates());
    }
    try {
      return GrpcSslContexts.configure(builder, SslProvider.JDK).build();
    } catch (IOException | IllegalArgumentException e) {
      // For example a key and a certificate that do not belong together.
      throw new IOException("TLS can't be set up by the files of etcd.tls: " + e.getMessage(), e);
    }
  }
}
