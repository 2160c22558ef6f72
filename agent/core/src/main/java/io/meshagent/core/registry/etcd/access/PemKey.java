package io.meshagent.core.registry.etcd.access;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/**
 * Reads the private key in a PEM file. The JDK takes PKCS#8 only, while the tools around etcd
 * (kubeadm, cfssl, openssl) also write the older forms for RSA and for elliptic curves; those are
 * put into the envelope that makes PKCS#8 of them. Stateless.
 */
final class PemKey {

  private static final byte INTEGER = 0x02;
  private static final byte OCTETS = 0x04;
  private static final byte SEQUENCE = 0x30;
  private static final byte CURVE = (byte) 0xa0;

  private static final byte[] VERSION_0 = {INTEGER, 1, 0};

  /** The object identifier 1.2.840.113549.1.1.1 and a null. */
  private static final byte[] RSA = {
    0x06, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 0x05, 0
  };

  /** The object identifier 1.2.840.10045.2.1; that of the curve has to follow. */
  private static final byte[] ELLIPTIC = {
    0x06, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1
  };

  private static final String[] ALGORITHMS = {"RSA", "EC", "Ed25519"};

  private PemKey() {}

  static PrivateKey of(SecretFile file) throws IOException {
    if (!file.blocks("ENCRYPTED PRIVATE KEY").isEmpty()) {
      throw new IOException(
          "the key in the file "
              + file.name()
              + " is encrypted; decrypt it with openssl pkcs8 -in KEY -out PLAIN");
    }
    try {
      List<byte[]> modern = file.blocks("PRIVATE KEY");
      List<byte[]> rsa = file.blocks("RSA PRIVATE KEY");
      List<byte[]> elliptic = file.blocks("EC PRIVATE KEY");
      if (!modern.isEmpty()) {
        return key(modern.get(0));
      }
      if (!rsa.isEmpty()) {
        return key(envelope(RSA, rsa.get(0)));
      }
      if (!elliptic.isEmpty()) {
        byte[] algorithm = joined(ELLIPTIC, curve(elliptic.get(0)));
        return key(envelope(algorithm, elliptic.get(0)));
      }
    } catch (GeneralSecurityException | BufferUnderflowException | IllegalArgumentException e) {
      // What is wrong with the bytes of a key is nothing to repeat in a message.
      throw new IOException("the key in the file " + file.name() + " is damaged", e);
    }
    throw new IOException("the file " + file.name() + " holds no private key in PEM form");
  }

  private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
    GeneralSecurityException last = null;
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (GeneralSecurityException e) {
        // The next one may know it; Java 8 has no Ed25519.
        last = e;
      }
    }
    throw last;
  }

  private static byte[] envelope(byte[] algorithm, byte[] key) {
    return wrapped(SEQUENCE, joined(VERSION_0, wrapped(SEQUENCE, algorithm), wrapped(OCTETS, key)));
  }

  /** The identifier of the curve, which stands behind version and key. */
  private static byte[] curve(byte[] key) {
    ByteBuffer inside = content(ByteBuffer.wrap(key), SEQUENCE);
    ByteBuffer unusedVersion = content(inside, INTEGER);
    ByteBuffer unusedKey = content(inside, OCTETS);
    ByteBuffer curve = content(inside, CURVE);
    byte[] identifier = new byte[curve.remaining()];
    curve.get(identifier);
    return identifier;
  }

  /** Takes one element off the bytes and returns what is in it. */
  private static ByteBuffer content(ByteBuffer from, byte tag) {
    if (from.get() != tag) {
      throw new IllegalArgumentException("not the expected element");
    }
    int length = from.get() & 0xff;
    if (length > 0x80) {
      int bytes = length - 0x80;
      length = 0;
      for (int i = 0; i < bytes; i++) {
        length = (length << 8) | (from.get() & 0xff);
      }
    }
    if (length < 0 || length > from.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] inside = new byte[length];
    from.get(inside);
    return ByteBuffer.wrap(inside);
  }

  private static byte[] wrapped(byte tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else {
      // Two bytes of length do for every key.
      out.write(0x82);
      out.write(content.length >> 8);
      out.write(content.length);
    }
    out.write(content, 0, content.length);
    return out.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.write(part, 0, part.length);
    }
    return out.toByteArray();
  }
}
