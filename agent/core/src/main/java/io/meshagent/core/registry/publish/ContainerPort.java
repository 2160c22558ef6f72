package io.meshagent.core.registry.publish;

import io.meshagent.core.run.TaskLoop;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Servers that wait for the port of the container they are in: it binds it after it has started
 * what it contains. Somebody has to accept connections there before clients are told, but a port
 * that is mapped may not be seen from here, so the wait has an end. Confined to the registrar's
 * loop; the connections are made on the loop of inquiries.
 */
final class ContainerPort {

  static final long ASK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  static final long WAIT_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Network network;
  private final TaskLoop loop;
  private final TaskLoop inquiries;
  private final Map<Object, Runnable> waiting = new HashMap<>();

  ContainerPort(Network network, TaskLoop loop, TaskLoop inquiries) {
    this.network = network;
    this.loop = loop;
    this.inquiries = inquiries;
  }

  /** Runs the task, once, when the port is open, unless the server is forgotten before. */
  void whenOpen(Object server, String host, int port, Runnable task) {
    if (waiting.putIfAbsent(server, task) == null) {
      ask(server, host, port, loop.nanoTime());
    }
  }

  void forget(Object server) {
    waiting.remove(server);
  }

  private void ask(Object server, String host, int port, long began) {
    inquiries.execute(
        () -> {
          boolean open = network.accepts("localhost", port) || network.accepts(host, port);
          loop.execute(() -> answered(server, host, port, began, open));
        });
  }

  private void answered(Object server, String host, int port, long began, boolean open) {
    if (open || loop.nanoTime() - began >= WAIT_NANOS) {
      Runnable task = waiting.remove(server);
      if (task != null) {
        task.run();
      }
    } else if (waiting.containsKey(server)) {
      TaskLoop.Timer unused = loop.after(ASK_NANOS, () -> ask(server, host, port, began));
    }
  }
}
