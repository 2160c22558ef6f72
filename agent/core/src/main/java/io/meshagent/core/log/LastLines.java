package io.meshagent.core.log;

import java.security.AccessController;
import java.security.PrivilegedAction;

/**
 * A shutdown hook that waits a moment for what was said last: a program that ends at once because
 * of what the agent has to say of it must not end without it. There from the first line on.
 * Thread-safe.
 */
final class LastLines {

  /** Nobody may be reading. */
  static final long PATIENCE_MILLIS = 200;

  private final LogWriter writer;

  /** Volatile, so that each line but the first costs one look. */
  private volatile boolean decided;

  /** Guarded by this. Null before the first line, and when nothing is to remain. */
  private Thread hook;

  LastLines(LogWriter writer) {
    this.writer = writer;
  }

  /** A line is about to be said. */
  void ensure() {
    if (!decided) {
      add();
    }
  }

  private synchronized void add() {
    if (decided) {
      return;
    }
    decided = true;
    try {
      hook =
          AccessController.doPrivileged(
              (PrivilegedAction<Thread>)
                  () -> {
                    Thread thread = writer.threads().newThread(() -> writer.flush(PATIENCE_MILLIS));
                    Runtime.getRuntime().addShutdownHook(thread);
                    return thread;
                  });
    } catch (IllegalStateException e) {
      // The JVM ends already.
      hook = null;
    }
  }

  /** The hook goes, and none comes any more. */
  synchronized void release() {
    decided = true;
    Thread known = hook;
    hook = null;
    if (known != null) {
      try {
        boolean unused =
            AccessController.doPrivileged(
                (PrivilegedAction<Boolean>) () -> Runtime.getRuntime().removeShutdownHook(known));
      } catch (IllegalStateException e) {
        // The JVM ends: it has begun.
      }
    }
  }
}
