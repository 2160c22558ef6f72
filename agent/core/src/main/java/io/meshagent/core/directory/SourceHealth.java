package io.meshagent.core.directory;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Whether the registry's source is in a state to be believed when it no longer names an instance.
 * Changed under the directory's lock; {@link #isHealthy} may be asked by anybody.
 *
 * <p>A source that was in trouble is not settled as soon as it answers: the leases of living
 * programs may have ended with it, and they need a moment to register again.
 */
final class SourceHealth {

  /** What may follow on what is listed in {@link #next}. */
  enum State {
    /** It has said nothing yet. */
    UNHEARD,
    /** It answers, and has for long enough. */
    SETTLED,
    /** It can't be reached, or does not answer. */
    TROUBLED,
    /** It answers again, not yet for long. */
    RECOVERING;

    Set<State> next() {
      switch (this) {
        case UNHEARD:
          return EnumSet.of(SETTLED, TROUBLED);
        case SETTLED:
          return EnumSet.of(TROUBLED);
        case TROUBLED:
          return EnumSet.of(RECOVERING);
        default:
          return EnumSet.of(SETTLED, TROUBLED);
      }
    }
  }

  private final LongSupplier clock;
  private final long holdNanos;

  /** When it is settled, if nothing happens: a time of the past if it is. */
  private long settledAt;

  /** Volatile: written under the directory's lock, read by views. */
  private volatile State state = State.UNHEARD;

  /**
   * @param holdNanos how long a source answers again before it is believed
   */
  SourceHealth(LongSupplier clock, long holdNanos) {
    this.clock = clock;
    this.holdNanos = holdNanos;
    this.settledAt = clock.getAsLong();
  }

  private void become(State next) {
    if (!state.next().contains(next)) {
      throw new IllegalStateException("source: " + state + " -> " + next);
    }
    state = next;
  }

  void troubled() {
    if (state != State.TROUBLED) {
      become(State.TROUBLED);
    }
  }

  void heard() {
    if (state == State.UNHEARD) {
      become(State.SETTLED);
    } else if (state == State.TROUBLED) {
      settledAt = clock.getAsLong() + holdNanos;
      become(State.RECOVERING);
    }
  }

  boolean isSettled() {
    if (state == State.RECOVERING && clock.getAsLong() - settledAt >= 0) {
      become(State.SETTLED);
    }
    return state == State.SETTLED;
  }

  long settledAt() {
    return settledAt;
  }

  boolean isHealthy() {
    State now = state;
    return now == State.SETTLED || now == State.RECOVERING;
  }
}
