package io.meshagent.core.log;

import java.lang.management.ManagementFactory;

/** Apart, since the JDK's management is slow to load and needed only where there is no Linux. */
final class ProcessNumber {

  private ProcessNumber() {}

  /** The number before the host's name in the name of this JVM; the name if it is none. */
  static String byTheJdk() {
    String name = ManagementFactory.getRuntimeMXBean().getName();
    int at = name.indexOf('@');
    return at > 0 ? name.substring(0, at) : "jvm";
  }
}
