package io.meshagent.core.registry.etcd.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFileTest {

  @TempDir private Path folder;

  private String file(String text) throws IOException {
    Path file = Files.createTempFile(folder, "secret", ".pem");
    Files.writeString(file, text);
    return file.toString();
  }

  private static String pem(String kind, byte[] bytes) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n";
  }

  private PrivateKey read(String text) throws IOException {
    return PemKey.of(SecretFile.read("etcd.tls.key", file(text)));
  }

  @Test
  void the_password_is_the_first_line_as_it_is_now() throws IOException {
    String file = file("s3cret \r\nmore\n");
    EtcdPassword password = new EtcdPassword("other", file);
    assertThat(password.now()).isEqualTo("s3cret ");

    Files.writeString(Path.of(file), "rotated");

    assertThat(password.now()).isEqualTo("rotated");
    assertThat(password).hasToString("(not shown)");
    assertThat(new EtcdPassword("text", "").now()).isEqualTo("text");
  }

  @Test
  void a_file_that_is_not_there_or_no_file_is_named_with_its_setting() {
    assertThatThrownBy(() -> new EtcdPassword("", "/does/not/exist").now())
        .hasMessage("there is no file /does/not/exist (etcd.password-file)");
    assertThatThrownBy(() -> SecretFile.read("etcd.tls.ca", folder.toString()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(folder + " (etcd.tls.ca)");
  }

  @Test
  void keys_are_read_in_the_modern_form_and_in_the_old_one_of_rsa() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    PrivateKey key = generator.generateKeyPair().getPrivate();
    byte[] modern = key.getEncoded();
    // The envelope of a key of this size takes 26 bytes.
    byte[] old = Arrays.copyOfRange(modern, 26, modern.length);

    assertThat(read("Bag Attributes: none\n" + pem("PRIVATE KEY", modern))).isEqualTo(key);
    assertThat(read(pem("RSA PRIVATE KEY", old))).isEqualTo(key);
  }

  @Test
  void keys_are_read_in_the_old_form_of_elliptic_curves() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    ECPrivateKey key = (ECPrivateKey) generator.generateKeyPair().getPrivate();
    byte[] old = new byte[2 + 3 + 34 + 12];
    byte[] start = {0x30, 49, 2, 1, 1, 4, 32};
    byte[] curve = {(byte) 0xa0, 10, 6, 8, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 3, 1, 7};
    byte[] secret = new BigInteger(1, key.getS().toByteArray()).toByteArray();
    System.arraycopy(start, 0, old, 0, start.length);
    int length = Math.min(32, secret.length);
    System.arraycopy(secret, secret.length - length, old, start.length + 32 - length, length);
    System.arraycopy(curve, 0, old, start.length + 32, curve.length);

    ECPrivateKey read = (ECPrivateKey) read(pem("EC PRIVATE KEY", old));

    assertThat(read.getS()).isEqualTo(key.getS());
  }

  @Test
  void what_is_no_key_is_named_and_never_shown() {
    assertThatThrownBy(() -> read("s3cret"))
        .hasMessageContaining("holds no private key in PEM form")
        .hasMessageNotContaining("s3cret");
    assertThatThrownBy(() -> read(pem("RSA PRIVATE KEY", new byte[] {1, 2, 3})))
        .hasMessageContaining("is damaged");
    assertThatThrownBy(() -> read(pem("EC PRIVATE KEY", new byte[] {0x30, 5, 1})))
        .hasMessageContaining("is damaged");
    assertThatThrownBy(() -> read(pem("ENCRYPTED PRIVATE KEY", new byte[] {1})))
        .hasMessageContaining("is encrypted; decrypt it with openssl");
  }

  @Test
  void certificates_that_are_none_and_halves_of_pairs_are_told_apart() throws IOException {
    String none = file("nothing");
    String damaged = file(pem("CERTIFICATE", new byte[] {1, 2, 3}));

    assertThatThrownBy(() -> new EtcdTls(none, "", "", "").context())
        .hasMessage("the file " + none + " (etcd.tls.ca) holds no certificate in PEM form");
    assertThatThrownBy(() -> new EtcdTls(damaged, "", "", "").context())
        .hasMessage("a certificate in the file " + damaged + " (etcd.tls.ca) is damaged");
    assertThatThrownBy(() -> new EtcdTls("", none, "", "").context())
        .hasMessageContaining("of use only together, and etcd.tls.key is not set");
  }
}
