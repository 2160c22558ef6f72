package io.meshagent.core.policy;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.internal.CircuitBreakerStateMachine;
import io.meshagent.core.api.Service;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The circuit of one method: resilience4j's state machine, and the permits that tell whose results
 * count. Called on the program's threads; thread-safe; takes a lock of its own only while the
 * circuit is not closed.
 *
 * <p>A permit is the number of the phase in which a call was let in. The machine itself doesn't
 * know who reports: without the number, calls that began before the circuit opened would use up and
 * decide the probes when they end.
 *
 * <p>A circuit that opened because nobody hosted the service, as happens to a program that is up
 * before those it calls, lets its probes through when somebody does, half a second later: there is
 * nothing to wait for but the channels, which learn of it on threads of their own. That some are
 * added to others changes nothing, or a service whose instances come and go would never be left in
 * peace.
 */
final class Breaker implements Service.Watcher {

  /** No permit. */
  static final int REFUSED = 0;

  /** The permit of all calls that came while the circuit was closed. */
  private static final int CLOSED_PHASE = 1;

  /** How long probes may keep all others out before as many more are let through. */
  private static final long PROBE_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Until then calls may still have gone where nobody was. */
  private static final long CHANNELS_LEARN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Slow calls are no failures (yet): nothing is this slow. */
  private static final Duration NEVER = Duration.ofDays(36_500);

  private final BreakerSettings settings;
  private final LongSupplier nanoTime;
  private final CircuitBreaker machine;

  /** What the machine is given for every failure; it counts it and looks no closer. */
  private final Exception failure = new Failure();

  /** Volatile: written by the call that opens the circuit, read by those that it refuses. */
  private volatile long openUntilNanos;

  /** The present half-open phase, or the last one. Guarded by this. */
  private int phase = CLOSED_PHASE;

  /** When the last probe was let through. Guarded by this. */
  private long lastProbeNanos;

  /** Whether the directory has spoken, and whether it named anybody. Guarded by this. */
  private boolean told;

  private boolean hosted;

  /** What opened the circuit before then says nothing of whoever hosts. Guarded by this. */
  private long hostedNanos;

  Breaker(String method, BreakerSettings settings, LongSupplier nanoTime) {
    this.settings = settings;
    this.nanoTime = nanoTime;
    CircuitBreakerConfig config =
        CircuitBreakerConfig.custom()
            .failureRateThreshold(settings.failureRate)
            .slidingWindow(
                Math.toIntExact(settings.window.toMillis() / 1_000),
                settings.minimumCalls,
                SlidingWindowType.TIME_BASED)
            .permittedNumberOfCallsInHalfOpenState(settings.probes)
            .slowCallDurationThreshold(NEVER)
            .waitIntervalFunctionInOpenState(attempt -> opening())
            .build();
    this.machine = new CircuitBreakerStateMachine(method, config, new NanoClock(nanoTime));
  }

  /** The machine asks how long to stay open in the moment in which it opens. */
  private long opening() {
    openUntilNanos = nanoTime.getAsLong() + settings.openFor.toNanos();
    return settings.openFor.toMillis();
  }

  BreakerSettings settings() {
    return settings;
  }

  /** {@code CLOSED}, {@code OPEN} or {@code HALF_OPEN}. */
  String state() {
    return machine.getState().name();
  }

  /** Nanoseconds until the next probe; 0 if probes are under way. */
  long nanosToProbe() {
    return machine.getState() == State.OPEN
        ? Math.max(0, openUntilNanos - nanoTime.getAsLong())
        : 0;
  }

  /**
   * Lets a call in, or doesn't.
   *
   * @return its permit, to be reported or released once; {@link #REFUSED} for no
   */
  int tryEnter() {
    if (machine.getState() == State.CLOSED && machine.tryAcquirePermission()) {
      return CLOSED_PHASE;
    }
    return tryProbe();
  }

  private synchronized int tryProbe() {
    State before = machine.getState();
    if (before == State.OPEN && isOutdated()) {
      machine.transitionToHalfOpenState();
    }
    if (!machine.tryAcquirePermission() && !replaceSilentProbes()) {
      return REFUSED;
    }
    if (before == State.CLOSED) {
      return CLOSED_PHASE;
    }
    if (before == State.OPEN) {
      phase++;
    }
    lastProbeNanos = nanoTime.getAsLong();
    return phase;
  }

  /**
   * Calls without a deadline to a server that hangs would leave the circuit half open for ever. The
   * machine's own remedy would open it again, and then forget the results of probes that are slow
   * and good; more probes in the same phase do no harm to those.
   *
   * @return whether the call that came is the first of them
   */
  private boolean replaceSilentProbes() {
    if (machine.getState() != State.HALF_OPEN
        || nanoTime.getAsLong() - lastProbeNanos < PROBE_PATIENCE_NANOS) {
      return false;
    }
    for (int i = 0; i < settings.probes; i++) {
      machine.releasePermission();
    }
    return machine.tryAcquirePermission();
  }

  /** A call that was let in has an outcome. */
  void report(int permit, boolean failed, long nanos) {
    if (machine.getState() == State.CLOSED) {
      record(failed, nanos);
      return;
    }
    synchronized (this) {
      if (isProbe(permit)) {
        record(failed, nanos);
      }
    }
  }

  /** A call that was let in ended in a way that says nothing. */
  void release(int permit) {
    if (permit == CLOSED_PHASE) {
      return;
    }
    synchronized (this) {
      if (isProbe(permit)) {
        machine.releasePermission();
      }
    }
  }

  @Override
  public synchronized void changed(Service service) {
    boolean before = hosted;
    hosted = !service.endpoints().instances().isEmpty();
    if (hosted && !before) {
      boolean failedWithout = told || machine.getState() == State.OPEN;
      hostedNanos = nanoTime.getAsLong() + (failedWithout ? CHANNELS_LEARN_NANOS : 0);
    }
    told = true;
  }

  /** Whether it opened while there was nobody, and there is somebody now. */
  private boolean isOutdated() {
    long openedNanos = openUntilNanos - settings.openFor.toNanos();
    return hosted && openedNanos - hostedNanos < 0 && nanoTime.getAsLong() - hostedNanos >= 0;
  }

  private boolean isProbe(int permit) {
    return permit == phase && machine.getState() == State.HALF_OPEN;
  }

  private void record(boolean failed, long nanos) {
    if (failed) {
      machine.onError(nanos, TimeUnit.NANOSECONDS, failure);
    } else {
      machine.onSuccess(nanos, TimeUnit.NANOSECONDS);
    }
  }

  /** Without a stack, because it is made once and thrown never. */
  private static final class Failure extends Exception {
    Failure() {
      super("the call failed", null, false, false);
    }
  }
}
