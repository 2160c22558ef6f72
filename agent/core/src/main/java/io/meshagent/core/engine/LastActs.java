package io.meshagent.core.engine;

import io.meshagent.core.log.Log;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.publish.Leaving;
import io.meshagent.core.registry.publish.Registrar;
import io.meshagent.core.run.AgentThreads;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The end of the JVM, on a shutdown hook's thread of ours, beside the program's own hooks: all
 * servers leave at once, those that the program does not shut down are shut down, and calls in
 * flight are waited for. Bounded, whatever the program's code does: the delay and the timeout of
 * draining, and two seconds for the registry.
 *
 * <p>If it ends by a signal they have left before, see {@link EndSignals}.
 */
final class LastActs implements Runnable {

  /** What the goodbye to connections that nobody calls on may take. */
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  /**
   * How long the program's own hooks have for shutting its servers down themselves. Some do no more
   * if they find that a server is not running, Spring's for one.
   */
  private static final long OWN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final long WITHDRAWAL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long FLUSH_MILLIS = 2_000;

  /** Nobody may be reading. */
  private static final long LOG_MILLIS = 100;

  private final Registrar registrar;
  private final Registry registry;
  private final Runnable closeTelemetry;
  private final long timeoutNanos;

  /** Those that left when a signal came. Guarded by this: signals have threads of their own. */
  private final Set<Leaving> early = new LinkedHashSet<>();

  LastActs(Registrar registrar, Registry registry, Runnable closeTelemetry, long timeoutNanos) {
    this.registrar = registrar;
    this.registry = registry;
    this.closeTelemetry = closeTelemetry;
    this.timeoutNanos = timeoutNanos;
  }

  /** Before any hook of the JVM has begun: all servers leave, and go on answering meanwhile. */
  void leaveEarly() {
    List<Leaving> all = registrar.leaveAll();
    synchronized (this) {
      early.addAll(all);
    }
    all.forEach(Leaving::awaitRelease);
  }

  @Override
  public void run() {
    try {
      leave();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | LinkageError e) {
      Log.warn("the servers of this program could not be shut down; the JVM ends as it would", e);
    }
    Thread flush = AgentThreads.newThread("flush", closeTelemetry);
    flush.start();
    registry.close();
    try {
      flush.join(FLUSH_MILLIS);
      boolean unused = Log.flush(LOG_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void leave() throws InterruptedException {
    long hooksBegan = System.nanoTime();
    Set<Leaving> all = everyLeaving();
    all.forEach(Leaving::awaitRelease);
    for (Leaving leaving : all) {
      long left = OWN_NANOS - (System.nanoTime() - hooksBegan);
      boolean unused = leaving.server().awaitTermination(left);
    }
    Set<Leaving> shut = shutDown(all);
    long began = System.nanoTime();
    for (Leaving leaving : shut) {
      leaving.awaitWithdrawn(WITHDRAWAL_NANOS - (System.nanoTime() - began));
      long patience = leaving.isIdle() ? Math.min(IDLE_NANOS, timeoutNanos) : timeoutNanos;
      boolean unused = leaving.server().awaitTermination(patience - (System.nanoTime() - began));
    }
  }

  /**
   * The program may have done so already: a second time changes nothing. gRPC's shutdown waits for
   * its transport, and that for ever if the transport's thread has died or stands still; so each
   * has a thread of its own here.
   *
   * @return those whose shutdown came back
   */
  private static Set<Leaving> shutDown(Set<Leaving> all) throws InterruptedException {
    Map<Leaving, Thread> threads = new LinkedHashMap<>();
    for (Leaving leaving : all) {
      Thread thread = AgentThreads.newThread("shutdown", leaving.server()::shutdown);
      thread.start();
      threads.put(leaving, thread);
    }
    Set<Leaving> shut = new LinkedHashSet<>();
    long began = System.nanoTime();
    for (Map.Entry<Leaving, Thread> each : threads.entrySet()) {
      long left = OWN_NANOS - (System.nanoTime() - began);
      each.getValue().join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
      if (!each.getValue().isAlive()) {
        shut.add(each.getKey());
      }
    }
    return shut;
  }

  /** Who has left long enough ago is not known to the registrar any more. */
  private synchronized Set<Leaving> everyLeaving() {
    Set<Leaving> all = new LinkedHashSet<>(early);
    all.addAll(registrar.leaveAll());
    return all;
  }
}
