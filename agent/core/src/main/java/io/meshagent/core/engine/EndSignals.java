package io.meshagent.core.engine;

import io.meshagent.core.log.Log;
import io.meshagent.core.run.AgentThreads;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * Hears the signals that end the JVM before the JVM does. Its own answer is to start all shutdown
 * hooks at once, the program's beside ours; here ours is done first and then its answer is given,
 * which is why nobody has to wait on a thread of the program's (ADR 13). A signal that somebody
 * else handles is left alone.
 *
 * <p>Installed and removed by the engine's thread; a signal comes on a thread that the JVM makes
 * for it, and what it takes is done on one of ours.
 */
final class EndSignals {

  private static final String[] NAMES = {"TERM", "INT", "HUP"};

  /** What the JVM handles them with, in all versions. */
  private static final String OF_THE_JVM = "java.lang.Terminator";

  private final Runnable first;
  private final List<Heard> heard = new ArrayList<>();

  /** Only the engine's thread touches it. */
  private boolean installed;

  /** Volatile: set by the engine's thread, read by those of signals. */
  private volatile boolean removed;

  /**
   * @param first done before the JVM hears of the signal; may wait, and the signal with it
   */
  EndSignals(Runnable first) {
    this.first = first;
  }

  /**
   * At the first call. Does nothing where there are no such signals: their classes are no part of
   * Java itself.
   */
  void install() {
    if (installed || removed) {
      return;
    }
    installed = true;
    for (String name : NAMES) {
      try {
        Heard signal = new Heard(name);
        if (signal.install()) {
          heard.add(signal);
        }
      } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
        // The program's own hooks run beside ours then.
        Log.debug("signal " + name + " is left to the JVM: " + e);
      }
    }
  }

  /** The JVM hears all of them itself again. */
  void remove() {
    removed = true;
    for (Heard signal : heard) {
      try {
        signal.remove();
      } catch (ReflectiveOperationException | RuntimeException e) {
        Log.debug("signal " + signal.name + " still comes by the agent: " + e);
      }
    }
    heard.clear();
  }

  private void doFirst() {
    try {
      if (!removed) {
        first.run();
      }
    } catch (RuntimeException | LinkageError e) {
      Log.warn("the servers of this program could not leave early; the JVM ends as it would", e);
    }
  }

  /** One signal: the handler of ours, and the one that was there before. */
  private final class Heard implements InvocationHandler {

    final String name;
    private final Object signal;
    private final Method handle;
    private final Object ours;

    /** Guarded by this: a signal may come while it is being found out. */
    private Object before;

    Heard(String name) throws ReflectiveOperationException {
      this.name = name;
      Class<?> type = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      signal = type.getConstructor(String.class).newInstance(name);
      handle = type.getMethod("handle", type, handler);
      ours =
          Proxy.newProxyInstance(EndSignals.class.getClassLoader(), new Class<?>[] {handler}, this);
    }

    /** There is no way to look but to replace it. */
    synchronized boolean install() throws ReflectiveOperationException {
      before = handle.invoke(null, signal, ours);
      if (isOfTheJvm(before)) {
        return true;
      }
      handle.invoke(null, signal, before);
      return false;
    }

    void remove() throws ReflectiveOperationException {
      Object last = handle.invoke(null, signal, before());
      if (last != ours) {
        // The program's, by now. It may know ours as the one before, which does nothing any more.
        handle.invoke(null, signal, last);
      }
    }

    private synchronized Object before() {
      return before;
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
      switch (method.getName()) {
        case "handle":
          hear(method, args);
          return null;
        case "equals":
          return proxy == args[0];
        case "hashCode":
          return System.identityHashCode(proxy);
        default:
          return "mesh-agent, then " + before();
      }
    }

    /**
     * Goes on with a thread that is no daemon, as the one of the signal is: if the program's last
     * thread ended meanwhile the JVM would end, too, and not as one that a signal has ended.
     */
    private void hear(Method method, Object[] args) throws Throwable {
      Object next = before();
      if (!isOfTheJvm(next)) {
        passOn(method, next, args);
        return;
      }
      try {
        Thread thread = AgentThreads.newThread("signal", () -> end(method, next, args));
        thread.setDaemon(false);
        thread.start();
      } catch (RuntimeException | Error e) {
        // There are no more threads to be had. The signal counts all the same.
        passOn(method, next, args);
      }
    }

    /** Whatever becomes of ours: a signal that the JVM never hears would not end it. */
    private void end(Method method, Object next, Object[] args) {
      try {
        doFirst();
      } finally {
        try {
          passOn(method, next, args);
        } catch (Throwable e) {
          Log.warn("the JVM could not be told of signal " + name, e);
        }
      }
    }

    private void passOn(Method method, Object next, Object[] args) throws Throwable {
      try {
        method.invoke(next, args);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }

  /**
   * Since Java 9 it comes in a wrapper, which a handler of native code has, too; both are called
   * what is inside. Only classes of the JDK are asked.
   */
  private static boolean isOfTheJvm(Object handler) {
    return handler.getClass().getClassLoader() == null && handler.toString().startsWith(OF_THE_JVM);
  }
}
