package io.meshagent.packing;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Sums of bytes as people compare them. Stateless. */
final class Checksum {

  private Checksum() {}

  /**
   * In small hexadecimal digits.
   *
   * @param algorithm one that every JDK has, {@code SHA-256}
   */
  static String of(String algorithm, byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
