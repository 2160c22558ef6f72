package io.meshagent.core.registry.etcd.connection;

import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.run.Backoff;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * The token of the last log-in, and when the next may be. Etcd checks a password in some 50 to 100
 * ms of CPU, so ten thousand programs that log in at once would keep it busy for ten minutes and
 * get no answer in time. A token is therefore used again on each new connection for as long as etcd
 * takes it; one that all programs have lost together is replaced at a random moment within as long
 * as the log-ins of all take; and those that fail come later and later. Thread-safe; times are
 * nanoseconds.
 */
final class LogIns {

  /** What is waited for no longer than so is not waited for: a small fleet. */
  private static final long NO_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long LONGEST_SPREAD_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final long LONGEST_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long DEAREST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long CHEAPEST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int MOST_DOUBLINGS = 10;

  private final LongSupplier clock;
  private final DoubleSupplier random;
  private final Backoff backoff;

  /** How many keys there are below each prefix that was counted. */
  private final Map<String, Long> keys = new HashMap<>();

  /** The quickest log-in, which waited least for others. */
  private long quickestNanos = DEAREST_NANOS;

  private String token;
  private long dueAt;
  private boolean waits;
  private int failures;

  /**
   * @param clock as {@link System#nanoTime}
   * @param random from 0 (inclusive) to 1
   */
  LogIns(LongSupplier clock, DoubleSupplier random) {
    this.clock = clock;
    this.random = random;
    this.backoff = new Backoff(random);
  }

  /** Etcd holds so many keys below a prefix: there may be as many programs. */
  synchronized void counted(String prefix, long count) {
    keys.put(prefix, count);
  }

  /** What to send along; null if there was no log-in, or etcd no longer takes what it gave. */
  synchronized String token() {
    return token;
  }

  /** How long no log-in may be tried; 0 if it may be now. */
  synchronized long waitNanos() {
    return waits ? Math.max(0, dueAt - clock.getAsLong()) : 0;
  }

  /** One begins now. */
  synchronized long begin() {
    waits = false;
    return clock.getAsLong();
  }

  /**
   * @param given the token
   * @param began what {@link #begin} gave
   */
  synchronized void succeeded(String given, long began) {
    token = given;
    failures = 0;
    backoff.reset();
    long took = Math.max(CHEAPEST_NANOS, clock.getAsLong() - began);
    quickestNanos = Math.min(quickestNanos, took);
  }

  /** It gave nothing. A connection that did not come about costs etcd nothing and counts not. */
  synchronized void failed(EtcdFailure failure) {
    boolean dear =
        failure.kind() == EtcdFailure.Kind.LOGIN || failure.kind() == EtcdFailure.Kind.SILENT;
    if (dear) {
      failures = Math.min(failures + 1, MOST_DOUBLINGS);
      long most = Math.min(spreadNanos() << failures, LONGEST_SPREAD_NANOS);
      putOff(Math.max(backoff.nextNanos(LONGEST_BACKOFF_NANOS), part(most)));
    }
  }

  /**
   * Etcd no longer takes the token.
   *
   * @param used the token that it does not take
   * @param ofAll whether other programs have probably lost theirs in the same moment
   */
  synchronized void refused(String used, boolean ofAll) {
    if (used == null || used.equals(token)) {
      token = null;
    }
    if (ofAll && waitNanos() == 0) {
      putOff(part(spreadNanos()));
    }
  }

  private void putOff(long nanos) {
    dueAt = clock.getAsLong() + nanos;
    waits = true;
  }

  private long part(long nanos) {
    return (long) (nanos * random.getAsDouble());
  }

  /** As long as the log-ins of all take; nothing if that is hardly anything. */
  private long spreadNanos() {
    long programs = keys.values().stream().mapToLong(Long::longValue).max().orElse(0);
    long all = Math.min(programs, LONGEST_SPREAD_NANOS / CHEAPEST_NANOS) * quickestNanos;
    return all < NO_WAIT_NANOS ? 0 : Math.min(all, LONGEST_SPREAD_NANOS);
  }
}
