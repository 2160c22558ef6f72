package io.meshagent.it.tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What is fetched or built for the tests is fetched once and by one of the test JVMs that run side
 * by side, the others wait for it: a local Maven repository and half-unpacked packages are nothing
 * for two. Thread-safe; may be entered again.
 */
public final class Fetching {

  private static final ReentrantLock HERE = new ReentrantLock();

  private Fetching() {}

  /** Runs it while no other test JVM of this build directory fetches anything. */
  public static <T> T alone(Supplier<T> fetch) {
    HERE.lock();
    try {
      return HERE.getHoldCount() > 1 ? fetch.get() : behindTheFile(fetch);
    } finally {
      HERE.unlock();
    }
  }

  private static <T> T behindTheFile(Supplier<T> fetch) {
    try (FileChannel file =
            FileChannel.open(
                Places.target().resolve("fetching.lock"),
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
