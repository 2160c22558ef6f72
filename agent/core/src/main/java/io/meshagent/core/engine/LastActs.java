package io.meshagent.core.engine;

import io.meshagent.core.log.Log;
import io.meshagent.core.registry.Leaving;
import io.meshagent.core.registry.Registrar;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.telemetry.Tracing;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The end of the JVM, on a shutdown hook's thread of ours, beside the program's own hooks: all
 * servers leave at once, those that the program does not shut down are shut down, and calls in
 * flight are waited for. Bounded: the delay and the timeout of draining, and two seconds for etcd.
 */
final class LastActs implements Runnable {

  /** What the goodbye to connections that nobody calls on may take. */
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  private static final long WITHDRAWAL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long FLUSH_MILLIS = 1_000;

  private final Registrar registrar;
  private final Registry registry;
  private final Tracing tracing;
  private final long timeoutNanos;

  LastActs(Registrar registrar, Registry registry, Tracing tracing, long timeoutNanos) {
    this.registrar = registrar;
    this.registry = registry;
    this.tracing = tracing;
    this.timeoutNanos = timeoutNanos;
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
    Thread flush = AgentThreads.newThread("flush", tracing::close);
    flush.start();
    registry.close();
    try {
      flush.join(FLUSH_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void leave() throws InterruptedException {
    List<Leaving> all = registrar.leaveAll();
    all.forEach(Leaving::awaitRelease);
    for (Leaving leaving : all) {
      // The program may have done so already: a second time changes nothing.
      leaving.server().shutdown();
    }
    long began = System.nanoTime();
    for (Leaving leaving : all) {
      leaving.awaitWithdrawn(WITHDRAWAL_NANOS - (System.nanoTime() - began));
      long patience = leaving.isIdle() ? Math.min(IDLE_NANOS, timeoutNanos) : timeoutNanos;
      boolean unused = leaving.server().awaitTermination(patience - (System.nanoTime() - began));
    }
  }
}
