package io.meshagent.core.policy.shed;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.lang.reflect.Method;

/**
 * The JVM's own reading: of the whole machine, since Java 17 of the container where there is one.
 * Asked by reflection, since not every JVM has it.
 */
final class JvmCpu implements CpuReading {

  private final OperatingSystemMXBean bean = ManagementFactory.getOperatingSystemMXBean();

  /** Null where there is none. */
  private final Method load = find();

  private static Method find() {
    try {
      return Class.forName("com.sun.management.OperatingSystemMXBean")
          .getMethod("getSystemCpuLoad");
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  @Override
  public double read() {
    try {
      double share = load == null ? -1 : (Double) load.invoke(bean);
      return Double.isNaN(share) ? -1 : share;
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return -1;
    }
  }
}
