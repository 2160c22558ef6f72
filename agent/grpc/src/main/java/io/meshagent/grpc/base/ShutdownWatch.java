package io.meshagent.grpc.base;

import io.grpc.ManagedChannel;
import io.meshagent.core.api.Agent;
import io.meshagent.core.api.Survived;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Tells those who wait on this side of a channel, which it can't know of, that it was shut down.
 * Looks ten times a second while anybody waits, and never otherwise. Thread-safe; its lock is not
 * held when somebody is told.
 */
public final class ShutdownWatch {

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** A call that waits keeps its channel; the facts of a channel must not. */
  private final WeakReference<Object> channel;

  private final Agent agent;

  /** Guarded by this. By identity: nobody who waits is like another. */
  private final Set<Runnable> waiting = new LinkedHashSet<>();

  /** Guarded by this. Whether a look is due. */
  private boolean looking;

  ShutdownWatch(Object channel, Agent agent) {
    this.channel = new WeakReference<>(channel);
    this.agent = agent;
  }

  /**
   * Waits.
   *
   * @param told run once, on a thread of the agent's, when the channel was shut down
   */
  public void add(Runnable told) {
    synchronized (this) {
      waiting.add(told);
      if (looking) {
        return;
      }
      looking = true;
    }
    lookLater();
  }

  /** Waits no longer. */
  public synchronized void remove(Runnable told) {
    waiting.remove(told);
  }

  private void lookLater() {
    Runnable unused = agent.after(PAUSE_NANOS, this::look);
  }

  private void look() {
    List<Runnable> toTell = new ArrayList<>();
    synchronized (this) {
      if (isShutDown()) {
        toTell.addAll(waiting);
        waiting.clear();
      }
      looking = !waiting.isEmpty();
      if (looking) {
        lookLater();
      }
    }
    toTell.forEach(this::tell);
  }

  /** It may come to an executor of the program's, which throws what it likes. */
  private void tell(Runnable told) {
    try {
      told.run();
    } catch (Throwable e) {
      Survived.tell(agent, "a call whose channel was shut down", e);
    }
  }

  private boolean isShutDown() {
    Object live = channel.get();
    return live == null || (live instanceof ManagedChannel && ((ManagedChannel) live).isShutdown());
  }
}
