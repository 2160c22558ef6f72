package io.meshagent.core.admin;

import io.meshagent.core.admin.AdminConnection.Phase;
import io.meshagent.core.log.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The connections that are told of changes as they come. They have no thread: while there are any,
 * what changed is looked for every two seconds, once for all. Who has not read what came before is
 * left out until then, and told what is true by then. Confined to the thread of {@link AdminLoop}.
 */
final class AdminStreams {

  /** Few of all connections; who comes after them has to ask again and again. */
  static final int MOST = 8;

  private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long BEAT_NANOS = TimeUnit.SECONDS.toNanos(8);

  private final AdminConnections connections;
  private final Executor threads;

  /** Has something done on the loop's thread. */
  private final Consumer<Runnable> loop;

  private final Consumer<AdminConnection> writer;

  /** Null while nobody is told. */
  private EventFeed feed;

  private boolean looking;
  private long lookedAt;

  /**
   * @param threads where pages are made
   * @param loop has something done on the loop's thread
   * @param writer writes what a connection was given
   */
  AdminStreams(
      AdminConnections connections,
      Executor threads,
      Consumer<Runnable> loop,
      Consumer<AdminConnection> writer) {
    this.connections = connections;
    this.threads = threads;
    this.loop = loop;
    this.writer = writer;
  }

  /** Whether there is room for one more. */
  boolean hasRoom() {
    return streams().size() < MOST;
  }

  /** One begins: it is told at once of what there is. */
  void begin(EventFeed of) {
    feed = of;
    lookedAt = System.nanoTime() - EVERY_NANOS;
  }

  private List<AdminConnection> streams() {
    List<AdminConnection> streams = new ArrayList<>();
    for (AdminConnection each : connections.all()) {
      if (each.isStream()) {
        streams.add(each);
      }
    }
    return streams;
  }

  /** Once a turn of the loop. */
  void look() {
    if (feed == null || looking || System.nanoTime() - lookedAt < EVERY_NANOS) {
      return;
    }
    if (streams().isEmpty()) {
      feed.forget();
      feed = null;
      return;
    }
    EventFeed now = feed;
    looking = true;
    lookedAt = System.nanoTime();
    threads.execute(() -> look(now));
  }

  private void look(EventFeed now) {
    try {
      now.look();
    } catch (Exception | LinkageError | StackOverflowError e) {
      Log.debug("What changed on the admin page can't be told.", e);
    } finally {
      loop.accept(
          () -> {
            looking = false;
            tell(now);
          });
    }
  }

  private void tell(EventFeed now) {
    for (AdminConnection each : streams()) {
      if (each.phase() == Phase.STREAMING) {
        byte[] events = now.since(each.told());
        boolean late = System.nanoTime() - each.since() >= BEAT_NANOS;
        if (events.length > 0 || late) {
          each.tell(Response.ofEvents(events.length > 0 ? events : EventFeed.BEAT), now.number());
          writer.accept(each);
        }
      }
    }
  }
}
