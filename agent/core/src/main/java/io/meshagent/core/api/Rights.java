package io.meshagent.core.api;

import java.security.AccessControlContext;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.function.Supplier;

/**
 * Whose rights count, where the program runs under a {@code SecurityManager}: the one place that
 * knows of it. The agent may do everything, but what is called from the program has the program's
 * rights, so what the agent does for itself (making a plan or an adapter, passing the stages) is
 * wrapped in {@link #ours}; code of the program never is. Without a security manager all of this is
 * a plain call. Thread-safe.
 */
public final class Rights {

  /** Null if nobody asked for rights when this was made. */
  private final AccessControlContext callers;

  private Rights(AccessControlContext callers) {
    this.callers = callers;
  }

  /**
   * Does something of ours that takes rights which the program's callers may lack. Nothing of the
   * program's may run in it: it would be rid of what its callers lack, too.
   */
  public static <T> T ours(Supplier<T> task) {
    return isAsked() ? AccessController.doPrivileged((PrivilegedAction<T>) task::get) : task.get();
  }

  /** The rights of all callers now, for what is done on their behalf on another thread later. */
  public static Rights ofCallers() {
    return new Rights(isAsked() ? AccessController.getContext() : null);
  }

  /**
   * Runs code of the program's or of its gRPC with no more rights than when this was made; threads
   * that it starts inherit those, and not ours.
   */
  public void run(Runnable task) {
    if (callers == null) {
      task.run();
      return;
    }
    AccessController.doPrivileged(
        (PrivilegedAction<Void>)
            () -> {
              task.run();
              return null;
            },
        callers);
  }

  /**
   * Whether rights are asked for; for calls of hot code, which then make no task. False, too, on a
   * JDK that has no such thing any more.
   */
  public static boolean isAsked() {
    try {
      return System.getSecurityManager() != null;
    } catch (LinkageError e) {
      return false;
    }
  }
}
