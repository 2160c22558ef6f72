package io.meshagent.core.policy.breaker;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.internal.CircuitBreakerStateMachine;
import io.meshagent.core.api.Service;
import io.meshagent.core.call.Call;
import io.meshagent.core.run.NanoClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The circuit of one method, or of one service: resilience4j's state machine, and the permits that
 * tell whose results count. Called on the program's threads; thread-safe; takes a lock of its own
 * only while the circuit is not closed.
 *
 * <p>A {@link Permit} names the phase in which a call was let in. The machine itself doesn't know
 * who reports: without that, calls that began before the circuit opened would use up and decide the
 * probes when they end.
 *
 * <p>A probe keeps the others out only while it may still tell something: a stream that has reached
 * a connection and is there a second later is as good as one that was answered, since many streams
 * say nothing until there is something to say.
 *
 * <p>A circuit that opened because nobody hosted the service, as happens to a program that is up
 * before those it calls, lets its probes through when somebody does, half a second later: there is
 * nothing to wait for but the channels, which learn of it on threads of their own. That some are
 * added to others changes nothing, or a service whose instances come and go would never be left in
 * peace.
 */
final class Breaker implements Admission, Service.Watcher {

  /** Bounds for how long probes without an end keep all others out. */
  private static final long LEAST_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long MOST_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** A server that refuses a stream does so sooner. */
  private static final long STREAM_LIVES_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Until then calls may still have gone where nobody was. */
  private static final long CHANNELS_LEARN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Where no call is too slow: nothing is this slow. */
  private static final Duration NEVER = Duration.ofDays(36_500);

  private final String what;
  private final BreakerSettings settings;
  private final LongSupplier nanoTime;
  private final CircuitNews news;
  private final FailingPeers failingPeers;

  /** The same of those whose answers take too long. */
  private final FailingPeers slowPeers;

  /** Beyond it a call is slow. */
  private final long slowNanos;

  private final CircuitBreaker machine;

  /** What the machine is given for every failure; it counts it and looks no closer. */
  private final Exception failure = new Failure();

  /** Volatile: written by the call that opens the circuit, read by those that it refuses. */
  private volatile long openUntilNanos;

  /** Those of the present phase that have not ended or reported. Guarded by this. */
  private final List<Permit> probes = new ArrayList<>();

  /** The present half-open phase, or the last one; 1 before the first. Guarded by this. */
  private int phase = Permit.CLOSED.phase;

  /** When the last probe was let through. Guarded by this. */
  private long lastProbeNanos;

  /** Whether the directory has spoken, and whether it named anybody. Guarded by this. */
  private boolean told;

  private boolean hosted;

  /** What opened the circuit before then says nothing of whoever hosts. Guarded by this. */
  private long hostedNanos;

  /**
   * @param what the full name of a method or of a service
   */
  Breaker(String what, BreakerSettings settings, LongSupplier nanoTime) {
    this.what = what;
    this.news = new CircuitNews(what, settings);
    long window = settings.window.toNanos();
    this.failingPeers = new FailingPeers(settings.failureRate, window, nanoTime.getAsLong());
    this.slowPeers = new FailingPeers(settings.slowRate, window, nanoTime.getAsLong());
    Duration slowCall = settings.slowCall.isZero() ? NEVER : settings.slowCall;
    this.slowNanos = slowCall.toNanos();
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
            .slowCallDurationThreshold(slowCall)
            .slowCallRateThreshold(settings.slowRate)
            .waitIntervalFunctionInOpenState(attempt -> opening())
            .build();
    this.machine = new CircuitBreakerStateMachine(what, config, new NanoClock(nanoTime));
  }

  /** The machine asks how long to stay open in the moment in which it opens. */
  private long opening() {
    openUntilNanos = nanoTime.getAsLong() + settings.openFor.toNanos();
    return settings.openFor.toMillis();
  }

  /** Whether it is that of this method or service. */
  boolean isOf(String methodOrService) {
    return what.equals(methodOrService);
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

  boolean isClosed() {
    return machine.getState() == State.CLOSED;
  }

  /** Why it opened last, half a sentence; empty if it has not. */
  String reason() {
    return news.reason();
  }

  /** What the machine has counted. */
  CircuitBreaker.Metrics counts() {
    return machine.getMetrics();
  }

  @Override
  public int room() {
    return isClosed() ? Integer.MAX_VALUE : nanosToProbe() == 0 ? settings.probes : 0;
  }

  /** Whether it matters how long calls take. */
  boolean judgesTime() {
    return !settings.slowCall.isZero();
  }

  /** Whether a call that takes so long is slow. */
  boolean isSlow(long nanos) {
    return nanos > slowNanos;
  }

  /**
   * Lets a call in, or doesn't.
   *
   * @param of the call's method
   * @return the call's permit, to be reported or released once; null if it may not come in
   */
  Permit tryEnter(Call call, MethodCircuit of) {
    return isClosed() && machine.tryAcquirePermission() ? closed() : tryProbe(call, of);
  }

  private Permit closed() {
    return judgesTime() ? Permit.timed(nanoTime.getAsLong()) : Permit.CLOSED;
  }

  private synchronized Permit tryProbe(Call call, MethodCircuit of) {
    State before = machine.getState();
    if (before == State.OPEN && isOutdated()) {
      machine.transitionToHalfOpenState();
    }
    if (!machine.tryAcquirePermission() && !believeLivingProbes() && !replaceSilentProbes(of)) {
      return null;
    }
    if (before == State.OPEN) {
      phase++;
      probes.clear();
    }
    if (isClosed()) {
      return closed();
    }
    lastProbeNanos = nanoTime.getAsLong();
    Permit permit = Permit.ofProbe(this, phase, call, of.isStreaming(), lastProbeNanos);
    probes.add(permit);
    return permit;
  }

  /** Returns whether there is room for the call that came, now that streams count that live. */
  private boolean believeLivingProbes() {
    if (machine.getState() != State.HALF_OPEN) {
      return false;
    }
    boolean any = false;
    for (Permit permit : new ArrayList<>(probes)) {
      if (permit.streaming && permit.probe.hasLivedFor(STREAM_LIVES_NANOS)) {
        any = true;
        probes.remove(permit);
        permit.believe();
        succeeded(0);
      }
    }
    return any && machine.tryAcquirePermission();
  }

  /**
   * Calls without a deadline to a server that hangs would leave the circuit half open for ever. The
   * machine's own remedy would open it again, and then forget the results of probes that are slow
   * and good; more probes in the same phase do no harm to those.
   *
   * @return whether the call that came is the first of them
   */
  private boolean replaceSilentProbes(MethodCircuit of) {
    long patience =
        Math.max(
            LEAST_PATIENCE_NANOS,
            Math.min(MOST_PATIENCE_NANOS, 2 * of.usualTime().fairNanos(true)));
    if (machine.getState() != State.HALF_OPEN || nanoTime.getAsLong() - lastProbeNanos < patience) {
      return false;
    }
    for (int i = 0; i < settings.probes; i++) {
      machine.releasePermission();
    }
    return machine.tryAcquirePermission();
  }

  /** Whether a call's result is still wanted: a stream that lives may have been believed. */
  boolean counts(Permit permit) {
    if (!permit.isProbe()) {
      return true;
    }
    synchronized (this) {
      return !permit.isBelieved();
    }
  }

  /**
   * A call that was let in has an outcome.
   *
   * @param tookNanos how long the service took for it
   */
  void report(Permit permit, Call call, boolean failed, long tookNanos) {
    if (!permit.isProbe() && isClosed()) {
      record(call, failed, tookNanos);
      news.tell(this, call);
      return;
    }
    synchronized (this) {
      boolean unused = probes.remove(permit);
      if (!permit.isBelieved() && (isClosed() || isProbe(permit))) {
        record(call, failed, tookNanos);
      }
    }
    news.tell(this, call);
  }

  /** A call that was let in ended in a way that says nothing. */
  void release(Permit permit) {
    if (!permit.isProbe()) {
      return;
    }
    synchronized (this) {
      boolean unused = probes.remove(permit);
      if (!permit.isBelieved() && isProbe(permit)) {
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

  private boolean isProbe(Permit permit) {
    return permit.phase == phase && machine.getState() == State.HALF_OPEN;
  }

  private void record(Call call, boolean failed, long nanos) {
    long now = nanoTime.getAsLong();
    if (!failed && !isSlow(nanos)) {
      if (failingPeers.isLooking(now)) {
        failingPeers.succeeded(call.peer(), now);
      }
      if (judgesTime() && slowPeers.isLooking(now)) {
        slowPeers.succeeded(call.peer(), now);
      }
      succeeded(nanos);
    } else if ((failed ? failingPeers : slowPeers).isOneOfFew(call.peer(), now)) {
      // The instance's own trouble: the circuit is for that of the service.
      if (machine.getState() == State.HALF_OPEN) {
        machine.releasePermission();
      }
    } else if (failed) {
      machine.onError(nanos, TimeUnit.NANOSECONDS, failure);
    } else {
      succeeded(nanos);
    }
  }

  private void succeeded(long nanos) {
    machine.onSuccess(nanos, TimeUnit.NANOSECONDS);
  }

  /** Without a stack, because it is made once and thrown never. */
  private static final class Failure extends Exception {
    Failure() {
      super("the call failed", null, false, false);
    }
  }
}
