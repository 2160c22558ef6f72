package io.meshagent.core.rules;

import io.meshagent.core.run.TaskLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * Looks every second whether a file is another one than before, by its size, its time and what the
 * file system knows it by; a link is followed, which is how Kubernetes replaces a mounted file. It
 * tells once the file has stayed the same for one more second, so that nobody reads a half. On a
 * loop of its own: a file system of the network may stand still.
 */
public final class FileWatch {

  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final TaskLoop loop;
  private final Path file;
  private final Runnable changed;

  /** Of the file as it was told of, and as it was at the last look. */
  private String told;

  private String seen;

  /**
   * @param loop closed by whoever made it
   */
  public FileWatch(TaskLoop loop, Path file, Runnable changed) {
    this.loop = loop;
    this.file = file;
    this.changed = changed;
  }

  /** Begins; what the file is now is known. */
  public void start() {
    loop.execute(
        () -> {
          told = mark();
          seen = told;
          again();
        });
  }

  private void again() {
    TaskLoop.Timer unused = loop.after(PAUSE_NANOS, this::look);
  }

  private void look() {
    // Planned first: what is told may throw.
    again();
    String now = mark();
    boolean stays = now.equals(seen);
    seen = now;
    if (stays && !now.equals(told)) {
      told = now;
      changed.run();
    }
  }

  /** A file that is away for a moment, as between two steps of an editor, has not changed. */
  private String mark() {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return now.size() + " " + now.lastModifiedTime() + " " + now.fileKey();
    } catch (IOException | SecurityException e) {
      return told == null ? "" : told;
    }
  }
}
