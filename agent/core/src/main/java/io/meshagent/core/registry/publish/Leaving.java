package io.meshagent.core.registry.publish;

import io.meshagent.core.api.StartedServer;
import io.meshagent.core.run.TaskLoop;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The way of one server out of the mesh: announced at once, withdrawn after a third of the delay,
 * and until the delay is over the server goes on answering, for clients that only see the deletion.
 * Whoever shuts the server down waits here: by time, never for the registry.
 *
 * <p>Begun and changed on the registrar's loop; {@link #release} and the waits are for any other
 * thread.
 */
public final class Leaving {

  /** What a wait may last beyond the delay, should the loop be busy. */
  private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final PublishedServer server;
  private final long delayNanos;
  private final TaskLoop loop;
  private final CountDownLatch released = new CountDownLatch(1);
  private final CountDownLatch withdrawn = new CountDownLatch(1);

  private LeavingState state = LeavingState.STAYING;

  /** Volatile: written by the loop, read by the end of the JVM. */
  private volatile boolean idle;

  Leaving(PublishedServer server, long delayNanos, TaskLoop loop) {
    this.server = server;
    this.delayNanos = delayNanos;
    this.loop = loop;
  }

  /**
   * Announces the server.
   *
   * @param nobodyCalls whether there is nobody to wait for
   */
  void begin(boolean nobodyCalls) {
    idle = nobodyCalls;
    long delay = nobodyCalls || isReleased() ? 0 : delayNanos;
    long needed = server.neededNanos(delay);
    become(LeavingState.DRAINING);
    server.announce(delay);
    if (needed <= 0) {
      letGo();
    } else {
      TaskLoop.Timer unused = loop.after(needed, this::letGo);
    }
    look();
  }

  boolean hasBegun() {
    return state != LeavingState.STAYING;
  }

  /** Looks how far it has come. */
  void look() {
    if (state == LeavingState.DRAINING && server.isWithdrawn()) {
      become(LeavingState.WITHDRAWN);
      withdrawn.countDown();
    }
    if (state == LeavingState.WITHDRAWN && isReleased()) {
      become(LeavingState.GONE);
      server.gone();
    }
  }

  private void letGo() {
    released.countDown();
    look();
  }

  private void become(LeavingState following) {
    if (!loop.isOwn() || !state.next().contains(following)) {
      throw new IllegalStateException(server + ": " + state + " -> " + following);
    }
    state = following;
  }

  /** Whether the server may shut down. */
  public boolean isReleased() {
    return released.getCount() == 0;
  }

  /** The server shuts down now, whatever was planned: nobody waits any longer. */
  public void release() {
    if (!isReleased()) {
      released.countDown();
      loop.execute(
          () -> {
            if (state == LeavingState.DRAINING) {
              server.announce(0);
            }
            look();
          });
    }
  }

  /**
   * Waits until the server may shut down, at most for the delay. An interrupt ends the wait, for
   * everybody, and stays set.
   */
  public void awaitRelease() {
    try {
      if (!released.await(delayNanos + SLACK_NANOS, TimeUnit.NANOSECONDS)) {
        release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      release();
    }
  }

  /** Waits until the registry was told to take the server out. */
  public void awaitWithdrawn(long nanos) throws InterruptedException {
    boolean unused = withdrawn.await(nanos, TimeUnit.NANOSECONDS);
  }

  /** Whether nobody called it when it began to leave. */
  public boolean isIdle() {
    return idle;
  }

  public StartedServer server() {
    return server.server();
  }
}
