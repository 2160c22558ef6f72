package io.meshagent.grpc.reroute;

/**
 * When a connection last carried something. Confined to the channel's sync context, but for {@link
 * #touch}.
 */
final class LastUse {

  /** Volatile: set by picks, taken back in the sync context. Mostly read. */
  private volatile boolean touched;

  private long nanos;

  LastUse(long nowNanos) {
    nanos = nowNanos;
  }

  /** An attempt was led there. Any thread; cheap. */
  void touch() {
    if (!touched) {
      touched = true;
    }
  }

  /** It is in use now. */
  void is(long nowNanos) {
    touched = false;
    nanos = nowNanos;
  }

  /** Whether nothing was carried for so long. */
  boolean isBefore(long nowNanos, long longestNanos) {
    if (touched) {
      is(nowNanos);
    }
    return nowNanos - nanos >= longestNanos;
  }
}
