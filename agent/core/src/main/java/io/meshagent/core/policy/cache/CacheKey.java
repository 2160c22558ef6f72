package io.meshagent.core.policy.cache;

import java.util.Arrays;

/** What calls have in common that may share a response. Immutable. */
public final class CacheKey {

  private static final int TEXT_BYTES = 56;

  private final String scope;
  private final String way;
  private final String[] texts;
  private final byte[] request;
  private final int hash;

  /**
   * @param scope the method, and by which headers its calls are told from each other
   * @param way tells channels from each other
   * @param texts the values of headers that count, null where there is none; not to be changed
   * @param request not to be changed
   */
  CacheKey(String scope, String way, String[] texts, byte[] request) {
    this.scope = scope;
    this.way = way;
    this.texts = texts;
    this.request = request;
    this.hash =
        31 * (31 * (31 * scope.hashCode() + way.hashCode()) + Arrays.hashCode(texts))
            + Arrays.hashCode(request);
  }

  /** Whether a call with these headers that count would have it. */
  boolean hasTexts(String[] others) {
    return Arrays.equals(texts, others);
  }

  /** How much memory it takes, about; scope and way are others' as well. */
  int bytes() {
    int bytes = request.length;
    for (String text : texts) {
      bytes += text == null ? 0 : TEXT_BYTES + 2 * text.length();
    }
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof CacheKey)) {
      return false;
    }
    CacheKey that = (CacheKey) other;
    return hash == that.hash
        && Arrays.equals(request, that.request)
        && scope.equals(that.scope)
        && way.equals(that.way)
        && Arrays.equals(texts, that.texts);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
