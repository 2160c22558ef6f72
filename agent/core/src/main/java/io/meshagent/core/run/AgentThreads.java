package io.meshagent.core.run;

import io.meshagent.core.log.Log;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.ThreadFactory;

/**
 * Makes the agent's threads: daemons, so that they never keep the program's JVM alive, named so
 * that they are known in a thread dump, and with the agent's loader as context loader, so that
 * libraries that look there find ours and not the program's.
 *
 * <p>A new thread takes over much of the one that makes it, and that may be a web application's:
 * thread locals, the group, and the protection domains of all callers, each of which would keep the
 * application from being collected. Ours take over nothing, and what they start takes over from
 * them.
 */
public final class AgentThreads {

  /** Since Java 9: with a parameter that says whether thread locals are inherited. */
  private static final Constructor<Thread> WITHOUT_LOCALS = withoutLocals();

  private static final ThreadGroup GROUP = AccessController.doPrivileged(outermostGroup());

  private AgentThreads() {}

  public static ThreadFactory named(String name) {
    return task -> newThread(name, task);
  }

  public static Thread newThread(String name, Runnable task) {
    return AccessController.doPrivileged(
        (PrivilegedAction<Thread>)
            () -> {
              Thread thread = create(task, "mesh-agent-" + name);
              thread.setDaemon(true);
              thread.setContextClassLoader(AgentThreads.class.getClassLoader());
              // Else the program's own handler would have to do with it.
              thread.setUncaughtExceptionHandler(
                  (ended, e) -> Log.warn("thread " + ended.getName() + " has ended", e));
              return thread;
            });
  }

  private static Thread create(Runnable task, String name) {
    try {
      if (WITHOUT_LOCALS != null) {
        return WITHOUT_LOCALS.newInstance(GROUP, task, name, 0L, false);
      }
      Thread thread = new Thread(GROUP, task, name);
      Field locals = Thread.class.getDeclaredField("inheritableThreadLocals");
      locals.setAccessible(true);
      locals.set(thread, null);
      return thread;
    } catch (ReflectiveOperationException | RuntimeException e) {
      Log.warnOnce("thread locals", "the agent's threads inherit the program's locals: " + e);
      return new Thread(GROUP, task, name);
    }
  }

  private static Constructor<Thread> withoutLocals() {
    try {
      return Thread.class.getConstructor(
          ThreadGroup.class, Runnable.class, String.class, long.class, boolean.class);
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  private static PrivilegedAction<ThreadGroup> outermostGroup() {
    return () -> {
      ThreadGroup group = Thread.currentThread().getThreadGroup();
      while (group.getParent() != null) {
        group = group.getParent();
      }
      return group;
    };
  }
}
