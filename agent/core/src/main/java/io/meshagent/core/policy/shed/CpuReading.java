package io.meshagent.core.policy.shed;

import java.nio.file.Paths;

/**
 * Where the load of the CPU is read. For one thread, which it may block for as long as a file of
 * the kernel's takes.
 */
interface CpuReading {

  /**
   * The share that was used since the last reading, 0 to 1 and a little more; negative if there is
   * none, as of the first one.
   */
  double read();

  /** The container's, where it has less than the machine; else what the JVM says. */
  static CpuReading ofThisProcess() {
    CpuReading container =
        CgroupCpu.find(
            Paths.get("/proc/self/cgroup"), Paths.get("/sys/fs/cgroup"), System::nanoTime);
    return container == null ? new JvmCpu() : container;
  }
}
