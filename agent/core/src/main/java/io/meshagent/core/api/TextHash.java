package io.meshagent.core.api;

/** Numbers made of texts, the same in every JVM, for choices that differ by text. Stateless. */
public final class TextHash {

  private TextHash() {}

  /** FNV-1a over the characters; texts that are much alike have hashes that are. */
  public static long of(String text) {
    return of(text, 0, text.length());
  }

  /** The same of a part of the text. */
  public static long of(String text, int begin, int end) {
    long hash = 0xcbf29ce484222325L;
    for (int i = begin; i < end; i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  /** The finishing steps of MurmurHash3, which spread what is alike. */
  public static long spread(long hash) {
    long spread = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    spread = (spread ^ (spread >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return spread ^ (spread >>> 33);
  }
}
