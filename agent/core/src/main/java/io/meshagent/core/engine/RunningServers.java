package io.meshagent.core.engine;

import io.meshagent.core.api.StartedServer;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * The servers that the program has started, for whoever explains their calls. Holds none: who has
 * shut one down may drop it. Thread-safe; nothing waits under its lock.
 */
final class RunningServers {

  /** Of more nobody would read. */
  private static final int MOST = 100;

  /** Guarded by this. */
  private final List<Known> known = new ArrayList<>();

  /** One of them. Immutable but for what it says of itself. */
  static final class Known {
    private final WeakReference<StartedServer> server;

    /** Volatile: set once, by who shuts it down. */
    private volatile boolean stopping;

    Known(StartedServer server) {
      this.server = new WeakReference<>(server);
    }

    /** Null if it is no more. */
    StartedServer server() {
      return server.get();
    }

    /** Whether it shuts down, or has. */
    boolean isStopping() {
      return stopping;
    }
  }

  synchronized void started(StartedServer server) {
    known.removeIf(each -> each.server() == null);
    if (known.size() >= MOST) {
      known.removeIf(Known::isStopping);
    }
    if (known.size() < MOST) {
      known.add(new Known(server));
    }
  }

  synchronized void stopping(StartedServer server) {
    for (Known each : known) {
      if (each.server() == server) {
        each.stopping = true;
      }
    }
  }

  /** A copy. */
  synchronized List<Known> all() {
    List<Known> all = new ArrayList<>(known);
    all.removeIf(each -> each.server() == null);
    return all;
  }
}
