package io.meshagent.core.registry.etcd.access;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text file that a setting names, as it was when it was read, and the PEM blocks in it.
 * Immutable. Whatever is wrong with it is an IOException whose message names setting and file and
 * never holds what the file says.
 */
final class SecretFile {

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
  private static final long LARGEST = 1024 * 1024;

  private final String name;
  private final String text;

  private SecretFile(String name, String text) {
    this.name = name;
    this.text = text;
  }

  /** Blocks while the file is read. */
  static SecretFile read(String setting, String file) throws IOException {
    String name = file + " (" + setting + ")";
    byte[] bytes;
    try {
      Path path = Paths.get(file);
      bytes = Files.size(path) > LARGEST ? null : Files.readAllBytes(path);
    } catch (NoSuchFileException | InvalidPathException e) {
      throw new IOException("there is no file " + name, e);
    } catch (AccessDeniedException e) {
      throw new IOException("the file " + name + " can't be read: access denied", e);
    } catch (IOException e) {
      throw new IOException("the file " + name + " can't be read: " + e.getMessage(), e);
    }
    if (bytes == null) {
      throw new IOException("the file " + name + " is larger than a megabyte");
    }
    return new SecretFile(name, new String(bytes, StandardCharsets.UTF_8));
  }

  /** {@code /etc/ca.pem (etcd.tls.ca)}. */
  String name() {
    return name;
  }

  String firstLine() {
    int end = text.indexOf('\n');
    String line = end < 0 ? text : text.substring(0, end);
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }

  /** The contents of the blocks of a kind, in order. */
  List<byte[]> blocks(String kind) throws IOException {
    List<byte[]> found = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      if (matcher.group(1).equals(kind)) {
        try {
          found.add(Base64.getMimeDecoder().decode(matcher.group(2)));
        } catch (IllegalArgumentException e) {
          throw new IOException("the " + kind + " in the file " + name + " is damaged", e);
        }
      }
    }
    return found;
  }

  /** All certificates in it, at least one. */
  X509Certificate[] certificates() throws IOException {
    List<X509Certificate> found = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (byte[] block : blocks("CERTIFICATE")) {
        found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block)));
      }
    } catch (CertificateException e) {
      throw new IOException("a certificate in the file " + name + " is damaged", e);
    }
    if (found.isEmpty()) {
      throw new IOException("the file " + name + " holds no certificate in PEM form");
    }
    return found.toArray(new X509Certificate[0]);
  }
}
