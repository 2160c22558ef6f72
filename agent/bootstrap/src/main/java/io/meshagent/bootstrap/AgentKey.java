package io.meshagent.bootstrap;

import java.lang.instrument.Instrumentation;
import java.security.AccessController;
import java.security.AllPermission;

/**
 * Keeps what of ours is public, because our classes stand in several loaders, from code of the
 * program that may do less than we may. The key is the JVM's own {@link Instrumentation}: it is
 * handed to agents and to nobody else, and who has one may do everything anyway. Without a security
 * manager everybody may, and nothing is checked. Stateless.
 */
final class AgentKey {

  private static final String KEY = "sun.instrument.InstrumentationImpl";

  private AgentKey() {}

  /** Refuses, under a security manager, what was called with anything but the JVM's own. */
  static void check(Instrumentation instrumentation) {
    if (FullRights.isNeeded() && !isTheJvms(instrumentation)) {
      throw new SecurityException(
          "mesh-agent is started by the JVM and by nobody else while a security manager is in"
              + " force; nothing was changed");
    }
  }

  /** Refuses, under a security manager, what not all callers on the stack may do themselves. */
  static void checkCallers() {
    if (FullRights.isNeeded()) {
      AccessController.checkPermission(new AllPermission());
    }
  }

  /** By its class: the bootstrap loader, which only the JVM can give classes, has no other. */
  static boolean isTheJvms(Instrumentation instrumentation) {
    return instrumentation != null
        && instrumentation.getClass().getName().equals(KEY)
        && instrumentation.getClass().getClassLoader() == null;
  }
}
