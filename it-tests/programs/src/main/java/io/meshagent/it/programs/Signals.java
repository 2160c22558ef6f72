package io.meshagent.it.programs;

import java.lang.reflect.Proxy;

/** Handles SIGTERM as some programs do, by classes that are no part of Java's own. Stateless. */
final class Signals {

  private Signals() {}

  static void onTerm(Runnable task) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ours =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, args) -> {
                task.run();
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("TERM"), ours);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
