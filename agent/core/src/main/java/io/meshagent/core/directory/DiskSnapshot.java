package io.meshagent.core.directory;

import io.meshagent.core.api.Instance;
import io.meshagent.core.log.Log;
import io.meshagent.core.registry.DirectoryLimits;
import io.meshagent.core.run.TaskLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Keeps the last good directory on disk, for a start while the registry can't be reached. The
 * directory calls it under its lock; everything that takes time happens on a loop of its own.
 *
 * <p>All programs of a user that use the same registry share one file, and the last one to write
 * wins: they all know the same.
 */
public final class DiskSnapshot {

  private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** However little happens, the file is written so often: its age says what it is worth. */
  private static final long REFRESH_NANOS = TimeUnit.HOURS.toNanos(1);

  private static final Duration OLDEST = Duration.ofHours(24);

  private final SnapshotFile file;
  private final TaskLoop loop;
  private final Supplier<Instant> wallClock;

  /** Only the loop touches this and what follows. */
  private boolean due;

  private boolean written;
  private long writtenAt;
  private boolean failureSaid;

  /**
   * @param directory where the file is
   * @param source whose directory it is, in words that no other registry has
   * @param limits how much of the file is taken
   */
  public DiskSnapshot(
      Path directory,
      String source,
      DirectoryLimits limits,
      TaskLoop loop,
      Supplier<Instant> wallClock) {
    this.file = new SnapshotFile(directory, source, limits);
    this.loop = loop;
    this.wallClock = wallClock;
  }

  /**
   * The directory may have changed: the file will follow in a moment. Returns at once.
   *
   * @param changed false if it is known that nothing did
   * @param content asked when it is written, on the loop; null while there is nothing that should
   *     replace what is on disk
   */
  void save(boolean changed, Supplier<Map<String, List<Instance>>> content) {
    loop.execute(
        () -> {
          boolean old = !written || loop.nanoTime() - writtenAt > REFRESH_NANOS;
          if ((changed || old) && !due) {
            due = true;
            long pause = written ? writtenAt + PAUSE_NANOS - loop.nanoTime() : 0;
            later(Math.max(FIRST_NANOS, pause), content);
          }
        });
  }

  private void later(long nanos, Supplier<Map<String, List<Instance>>> content) {
    TaskLoop.Timer unused = loop.after(nanos, () -> write(content));
  }

  private void write(Supplier<Map<String, List<Instance>>> content) {
    Map<String, List<Instance>> services = content.get();
    if (services == null) {
      later(PAUSE_NANOS, content);
      return;
    }
    due = false;
    // Also where it fails: a full disk is not tried more often than a good one.
    written = true;
    writtenAt = loop.nanoTime();
    try {
      file.write(services, wallClock.get());
    } catch (IOException | SnapshotFile.Unusable | RuntimeException e) {
      if (!failureSaid) {
        failureSaid = true;
        Log.info(
            "the directory can't be kept on disk ("
                + reason(e)
                + "); if this program starts while etcd is away, it will not know where its"
                + " services are");
      }
    }
  }

  /**
   * Reads what is there. Returns at once.
   *
   * @param then told on the loop; null if there is nothing that can be used
   */
  void read(Consumer<SnapshotFile.Content> then) {
    loop.execute(() -> then.accept(usable()));
  }

  private SnapshotFile.Content usable() {
    try {
      SnapshotFile.Content content = file.read();
      if (content != null) {
        Duration age = Duration.between(content.written(), wallClock.get()).abs();
        if (age.compareTo(OLDEST) > 0) {
          throw new SnapshotFile.Unusable("it was written at " + content.written());
        }
      }
      return content;
    } catch (IOException | SnapshotFile.Unusable | RuntimeException e) {
      Log.warn(
          "the directory on disk, "
              + file.path()
              + ", is not used: "
              + reason(e)
              + "; until etcd answers, calls go where the program's channels send them");
      return null;
    }
  }

  private static String reason(Exception e) {
    return e instanceof SnapshotFile.Unusable ? e.getMessage() : e.toString();
  }

  /** Nothing is written any more. */
  void close() {
    loop.close();
  }
}
