package io.meshagent.it.tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What is fetched or built for the tests is fetched once and by one of the test JVMs that run side
 * by side, the others wait for it: a local Maven repository and half-unpacked packages are nothing
 * for two. Thread-safe; may be entered again.
 */
public final class Fetching {

  private static final Map<String, ReentrantLock> HERE = new ConcurrentHashMap<>();

  private Fetching() {}

  /** Runs it while no other test JVM of this build directory fetches or builds anything. */
  public static <T> T alone(Supplier<T> fetch) {
    return alone("fetching", fetch);
  }

  /**
   * The same for what has a directory of its own and may be fetched while something else is.
   *
   * @param subject a word for a file's name
   */
  public static <T> T alone(String subject, Supplier<T> fetch) {
    ReentrantLock here = HERE.computeIfAbsent(subject, each -> new ReentrantLock());
    here.lock();
    try {
      return here.getHoldCount() > 1 ? fetch.get() : behindTheFile(subject, fetch);
    } finally {
      here.unlock();
    }
  }

  private static <T> T behindTheFile(String subject, Supplier<T> fetch) {
    try (FileChannel file =
            FileChannel.open(
                Places.target().resolve(subject + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = file.lock()) {
      if (!lock.isValid()) {
        throw new IllegalStateException("the lock on " + file + " was lost");
      }
      return fetch.get();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tells who watches the build why nothing seems to happen. */
  public static void say(String what) {
    System.out.println("[tests] " + what);
  }
}
