package io.meshagent.core.registry.publish;

import io.meshagent.core.api.Hosted;
import io.meshagent.core.api.StartedServer;
import io.meshagent.core.log.Log;
import io.meshagent.core.run.TaskLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * What one server hosts, looked at again and again where that may change. Confined to the
 * registrar's loop, but for {@link #ask}: each time the server is asked on a new thread, because
 * the program's code runs there. One that never comes back keeps that thread and no other server's.
 */
final class HostedLook {

  static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final StartedServer server;
  private final TaskLoop loop;
  private final Executor threads;
  private final Consumer<Hosted> onChange;

  /** Set by the loop, taken back by the thread that asks. */
  private final AtomicBoolean asking = new AtomicBoolean();

  private Hosted hosted;
  private boolean ended;
  private TaskLoop.Timer next = TaskLoop.Timer.NONE;

  /**
   * @param threads runs each task on a thread that ends with it
   * @param onChange told on the loop of what is hosted, at first and whenever it has changed
   */
  HostedLook(StartedServer server, TaskLoop loop, Executor threads, Consumer<Hosted> onChange) {
    this.server = server;
    this.loop = loop;
    this.threads = threads;
    this.onChange = onChange;
  }

  /** What was seen last; null before the first answer. */
  Hosted hosted() {
    return hosted;
  }

  void begin() {
    if (server.mayChange()) {
      look();
    } else {
      take(server.hosted());
    }
  }

  private void look() {
    next = loop.after(LOOK_NANOS, this::look);
    if (!asking.compareAndSet(false, true)) {
      complain("silent", "the program's own registry of services does not answer");
      return;
    }
    try {
      threads.execute(this::ask);
    } catch (Throwable e) {
      // At the limit of threads, say. The next look may find room.
      asking.set(false);
      complain("no thread", e);
    }
  }

  private void ask() {
    try {
      Runnable answer;
      try {
        Hosted now = server.hosted();
        answer = () -> take(now);
      } catch (Throwable e) {
        answer = () -> complain("throws", e);
      }
      loop.execute(answer);
    } finally {
      asking.set(false);
    }
  }

  private void take(Hosted now) {
    if (ended || now.equals(hosted)) {
      return;
    }
    Hosted before = hosted;
    boolean taken = false;
    hosted = now;
    try {
      onChange.accept(now);
      taken = true;
    } finally {
      if (!taken) {
        // The difference is still there at the next look.
        hosted = before;
      }
    }
  }

  private void complain(String kind, Object why) {
    if (!ended) {
      Log.warnOnce(
          kind + " " + server.listenSockets(),
          "what "
              + name()
              + " hosts can't be told ("
              + why
              + "), so its registration stays as it is; it is asked again every "
              + TimeUnit.NANOSECONDS.toSeconds(LOOK_NANOS)
              + " s");
    }
  }

  private String name() {
    for (SocketAddress socket : server.listenSockets()) {
      if (socket instanceof InetSocketAddress) {
        return "the server on port " + ((InetSocketAddress) socket).getPort();
      }
    }
    return "a server of this program";
  }

  /** Whatever is answered from now on has no effect. */
  void end() {
    ended = true;
    next.cancel();
  }
}
