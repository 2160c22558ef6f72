package io.meshagent.core.engine;

import io.meshagent.core.api.StartedServer;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.log.Log;
import io.meshagent.core.registry.publish.Leaving;
import io.meshagent.core.registry.publish.Registrar;
import io.meshagent.core.run.TaskLoop;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * When the parts that talk to somebody begin, and what they are told in which order. They begin
 * when the program has a server or is about to have a channel, and not when it loads gRPC: a server
 * listens earlier so, and what only has gRPC on its class path talks to nobody. Thread-safe.
 */
final class Outside {

  /** What has loaded gRPC and not used it by then gets its admin page anyway, and one line. */
  private static final long FIRST_USE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Parts parts;
  private final Supplier<Map<String, Object>> routes;
  private final Announcement announcement;
  private final TaskLoop timer;
  private final Consumer<String> adminTeller;
  private final EngineThread thread = new EngineThread();

  /** Volatile: written with the lock, and last, so that who sees it comes after the beginning. */
  private volatile boolean begun;

  /** Only the engine's thread touches it. Null until the start is done, or if it failed. */
  private Externals externals;

  /** Volatile: written once by the engine's thread, read where servers shut down. */
  private volatile Registrar registrar;

  /**
   * @param adminTeller told where the admin page is, and null when there is none any more
   */
  Outside(
      Parts parts,
      Supplier<Map<String, Object>> routes,
      Announcement announcement,
      TaskLoop timer,
      Consumer<String> adminTeller) {
    this.adminTeller = adminTeller;
    this.parts = parts;
    this.routes = routes;
    this.announcement = announcement;
    this.timer = timer;
  }

  /**
   * The program has loaded gRPC. Returns at once.
   *
   * @param next what can wait until that has begun which has to
   * @param calls whether it is about to call somebody
   */
  void start(Runnable next, boolean calls) {
    if (calls) {
      begin();
    }
    thread.execute(next);
    TaskLoop.Timer unused = timer.after(FIRST_USE_NANOS, this::beginUnused);
  }

  private void beginUnused() {
    begin();
    thread.execute(announcement::sayUnused);
  }

  /** Now, if not before. Returns at once: the rest is done on the engine's thread. */
  void begin() {
    if (!begun) {
      // Before there is a thread that could be in the midst of it while the program needs it.
      JdkNetwork.initialize();
      beginOnce();
    }
  }

  /** Of two servers that start at once neither may be told of before the beginning. */
  private synchronized void beginOnce() {
    if (begun) {
      return;
    }
    // The calls that come now wait from now, whatever becomes of the engine's thread.
    if (parts.discovers()) {
      parts.directory.beginToWait();
    } else {
      parts.directory.nobodyAsks();
    }
    thread.execute(this::open);
    begun = true;
  }

  private void open() {
    try {
      externals = new Externals(parts, routes, timer, announcement::eachGrpcVersion);
      externals.start();
      registrar = externals.registrar();
      announcement.outside(externals.describe());
      adminTeller.accept(externals.adminAddress());
    } catch (RuntimeException | LinkageError e) {
      parts.directory.unreachable(String.valueOf(e));
      Log.warn("the registry could not be started, calls go to their original targets", e);
    }
  }

  /** A server of the program's has bound its ports. */
  void started(StartedServer server) {
    begin();
    thread.execute(
        () -> {
          if (externals != null) {
            externals.started(server);
          }
        });
  }

  /** It begins to shut down: others are told before it does, if that may take its time. */
  void stopping(StartedServer server, boolean mayWait) {
    Registrar known = registrar;
    Leaving leaving = known == null ? null : known.leave(server);
    if (leaving == null) {
      // Not published, or not yet: its start may be waiting in the queue still.
      stopLater(server);
    } else if (mayWait) {
      leaving.awaitRelease();
    } else {
      leaving.release();
    }
  }

  private void stopLater(StartedServer server) {
    thread.execute(
        () -> {
          if (externals != null) {
            externals.registrar().stopping(server);
          }
        });
  }

  /**
   * Nobody is to call the program's servers through the registry any more. Waits until others were
   * told.
   *
   * @return false if the JVM ends, which does the same
   */
  boolean leave() {
    return thread.await(
        () -> externals == null || externals.leave(),
        parts.settings.once(RegistryKeys.DRAIN_DELAY));
  }

  /** Lets go of every connection and thread, after {@link #leave}; begins no more. */
  void close() {
    begun = true;
    boolean unused =
        thread.await(
            () -> {
              if (externals != null) {
                adminTeller.accept(null);
                externals.close();
              }
              return true;
            },
            Duration.ZERO);
    thread.shutdown();
  }
}
