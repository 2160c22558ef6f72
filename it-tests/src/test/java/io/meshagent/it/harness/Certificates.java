package io.meshagent.it.harness;

import io.meshagent.it.tools.Commands;
import io.meshagent.it.tools.Fetching;
import io.meshagent.it.tools.Places;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * An authority with a certificate for a server on this machine and one for a client, as PEM files
 * that are made by the JDK's keytool, once for all tests while they are fresh. Immutable.
 */
public final class Certificates {

  /** The name by which gRPC's own test programs know their server. */
  private static final String GRPC_TEST_HOST = "foo.test.google.fr";

  private static final char[] PASSWORD = "changeit".toCharArray();

  private final Path directory;

  private Certificates(Path directory) {
    this.directory = directory;
  }

  /** Theirs is a time that no run of tests outlasts. */
  private static final Duration FRESH = Duration.ofHours(12);

  /** Those of one authority by this name; of another name, another that the first does not know. */
  public static Certificates of(String authority) {
    Path directory = Places.target().resolve("certificates").resolve(authority);
    return Fetching.alone(() -> isFresh(directory) ? new Certificates(directory) : make(directory));
  }

  private static boolean isFresh(Path directory) {
    try {
      Path last = directory.resolve("client-key.pem");
      return Files.exists(last)
          && Files.getLastModifiedTime(last).toInstant().isAfter(Instant.now().minus(FRESH));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Certificates make(Path directory) {
    Commands.deleteTree(directory);
    Certificates made = new Certificates(Places.create(directory));
    made.keytool("authority", "-ext", "bc:c=ca:true", "-ext", "ku:c=keyCertSign");
    made.keytool(
        "server",
        "-signer",
        "authority",
        "-ext",
        "san=ip:127.0.0.1,dns:localhost,dns:" + GRPC_TEST_HOST,
        "-ext",
        "eku=serverAuth,clientAuth");
    made.keytool("client", "-signer", "authority", "-ext", "eku=clientAuth");
    try {
      KeyStore store = KeyStore.getInstance(made.store().toFile(), PASSWORD);
      for (String name : List.of("authority", "server", "client")) {
        write(made.cert(name), "CERTIFICATE", store.getCertificate(name).getEncoded());
        write(made.key(name), "PRIVATE KEY", store.getKey(name, PASSWORD).getEncoded());
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return made;
  }

  /** What etcd needs to sign the tokens of its users by itself, so that they can be short-lived. */
  public static String tokenFlag(int ttlSeconds) {
    Path directory = Places.newDirectory("jwt");
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      KeyPair pair = generator.generateKeyPair();
      write(directory.resolve("public.pem"), "PUBLIC KEY", pair.getPublic().getEncoded());
      write(directory.resolve("private.pem"), "PRIVATE KEY", pair.getPrivate().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    return "--auth-token=jwt,sign-method=RS256,ttl="
        + ttlSeconds
        + "s,pub-key="
        + directory.resolve("public.pem")
        + ",priv-key="
        + directory.resolve("private.pem");
  }

  private void keytool(String alias, String... more) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/keytool").toString());
    command.add("-J-XX:TieredStopAtLevel=1");
    command.addAll(List.of("-genkeypair", "-alias", alias, "-dname", "CN=" + alias));
    command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2"));
    command.addAll(List.of("-keystore", store().toString(), "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", new String(PASSWORD)));
    command.addAll(List.of(more));
    Commands.Result result = Commands.run(directory, command);
    if (!result.ok()) {
      throw new AssertionError("keytool: " + result.tail());
    }
  }

  private static void write(Path file, String kind, byte[] bytes) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    try {
      Files.writeString(
          file, "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path store() {
    return directory.resolve("all.p12");
  }

  public Path authority() {
    return cert("authority");
  }

  /** Of {@code server} or {@code client}. */
  public Path cert(String name) {
    return directory.resolve(name + ".pem");
  }

  public Path key(String name) {
    return directory.resolve(name + "-key.pem");
  }

  /** A directory for the class path of gRPC's own test programs, ahead of their certificates. */
  public Path asGrpcTestCertificates() {
    try {
      Path inside = Places.create(directory.resolve("grpc/certs"));
      Files.copy(authority(), inside.resolve("ca.pem"), StandardCopyOption.REPLACE_EXISTING);
      Files.copy(
          cert("server"), inside.resolve("server1.pem"), StandardCopyOption.REPLACE_EXISTING);
      Files.copy(key("server"), inside.resolve("server1.key"), StandardCopyOption.REPLACE_EXISTING);
      return inside.getParent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Flags for an etcd that shows the server's certificate and asks its clients for theirs. */
  public String[] etcdFlags() {
    return new String[] {
      "--cert-file=" + cert("server"),
      "--key-file=" + key("server"),
      "--client-cert-auth",
      "--trusted-ca-file=" + authority()
    };
  }

  /** Flags for a command line that such an etcd lets in. */
  public String[] ctlFlags() {
    return new String[] {
      "--cacert=" + authority(), "--cert=" + cert("client"), "--key=" + key("client")
    };
  }
}
