package io.meshagent.core.policy.fallback;

import java.util.concurrent.atomic.LongAdder;

/** What calls of a method were told in the place of failures. Thread-safe. */
final class FallbackCounts {

  private final LongAdder[] used = new LongAdder[FallbackRule.Kind.values().length];

  /** Failures for which there was nothing to tell instead. */
  final LongAdder missing = new LongAdder();

  FallbackCounts() {
    for (int i = 0; i < used.length; i++) {
      used[i] = new LongAdder();
    }
  }

  LongAdder used(FallbackRule.Kind kind) {
    return used[kind.ordinal()];
  }
}
