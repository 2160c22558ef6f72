package io.meshagent.core.telemetry.metrics;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.lang.management.OperatingSystemMXBean;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a JVM tells of itself, and what its container allows it: named as Prometheus' own library
 * for Java names it, so that dashboards fit. Read whenever a page is written, from the JVM's beans
 * and the files of the Linux kernel; not even the classes of those beans are loaded before.
 *
 * @see <a href="https://prometheus.github.io/client_java/instrumentation/jvm/">JVM metrics</a>
 */
public final class JvmMetrics {

  private static final List<String> NO_LABELS = Collections.emptyList();
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e3;

  private final Metrics metrics;
  private final Path root;

  public JvmMetrics(Metrics metrics) {
    this(metrics, Paths.get("/"));
  }

  /**
   * @param root where {@code proc} and {@code sys} are
   */
  JvmMetrics(Metrics metrics, Path root) {
    this.metrics = metrics;
    this.root = root;
  }

  /** Registers all of them. To be called once. */
  public void add() {
    memory("jvm_memory_used_bytes", "Bytes of memory that are in use.", Amount.USED);
    memory(
        "jvm_memory_committed_bytes",
        "Bytes of memory that the JVM has from the system.",
        Amount.COMMITTED);
    memory(
        "jvm_memory_max_bytes",
        "Bytes of memory that may be in use at most; nothing where there is no bound.",
        Amount.MAX);
    metrics.register(new GcTimes(metrics));
    gauge(
        "jvm_threads_current",
        "Threads of the JVM that live, the agent's too.",
        NO_LABELS,
        samples -> samples.add(ManagementFactory.getThreadMXBean().getThreadCount()));
    gauge(
        "jvm_threads_daemon",
        "Those of them that are daemons.",
        NO_LABELS,
        samples -> samples.add(ManagementFactory.getThreadMXBean().getDaemonThreadCount()));
    gauge(
        "jvm_runtime_info",
        "Always 1; the labels tell about the JVM.",
        Arrays.asList("version", "vendor", "runtime"),
        samples ->
            samples.add(
                1,
                System.getProperty("java.runtime.version"),
                System.getProperty("java.vm.vendor"),
                System.getProperty("java.runtime.name")));
    addProcess();
    addContainer();
  }

  /** What of the JVM's memory; by a name, since a JVM may have no types for it. */
  private enum Amount {
    USED,
    COMMITTED,
    MAX;

    double of(boolean heap) {
      MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
      MemoryUsage usage = heap ? memory.getHeapMemoryUsage() : memory.getNonHeapMemoryUsage();
      return this == USED
          ? usage.getUsed()
          : this == COMMITTED ? usage.getCommitted() : usage.getMax();
    }
  }

  private void memory(String name, String help, Amount amount) {
    gauge(
        name,
        help,
        Collections.singletonList("area"),
        samples -> {
          known(samples, amount.of(true), "heap");
          known(samples, amount.of(false), "nonheap");
        });
  }

  private void addProcess() {
    metrics.counter(
        "process_cpu_seconds_total",
        "Seconds of CPU time that the process has used, of user and system.",
        NO_LABELS,
        ifThere(
            samples -> {
              double nanos = ofSystem("OperatingSystemMXBean", "getProcessCpuTime");
              if (nanos >= 0) {
                samples.add(nanos / NANOS);
              }
            }));
    gauge(
        "process_start_time_seconds",
        "When the process began, in seconds since 1970.",
        NO_LABELS,
        samples -> samples.add(ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS));
    gauge(
        "process_open_fds",
        "File descriptors that are open; on Unix.",
        NO_LABELS,
        samples -> known(samples, files("getOpenFileDescriptorCount")));
    gauge(
        "process_max_fds",
        "File descriptors that may be open at most; on Unix.",
        NO_LABELS,
        samples -> known(samples, files("getMaxFileDescriptorCount")));
  }

  private void addContainer() {
    Container container = new Container(root);
    gauge(
        "mesh_container_cpu_limit_cores",
        "CPUs whose time the container may use; nothing where there is no bound.",
        NO_LABELS,
        samples -> known(samples, container.cores()));
    gauge(
        "mesh_container_memory_limit_bytes",
        "Memory that the container may use; nothing where there is no bound.",
        NO_LABELS,
        samples -> known(samples, container.memoryLimit()));
    gauge(
        "mesh_container_memory_used_bytes",
        "Memory that the container uses, of all its processes and with the cache of files.",
        NO_LABELS,
        samples -> known(samples, container.memoryUsed()));
  }

  private void gauge(String name, String help, List<String> labels, Consumer<Samples> source) {
    metrics.gauge(name, help, labels, ifThere(source));
  }

  /** A run-time image may be without the JDK's management, which is no failure of ours. */
  private static Consumer<Samples> ifThere(Consumer<Samples> source) {
    return samples -> {
      try {
        source.accept(samples);
      } catch (LinkageError e) {
        // Nothing to say.
      }
    };
  }

  private static void known(Samples samples, double value, String... labels) {
    if (value >= 0) {
      samples.add(value, labels);
    }
  }

  private static double files(String what) {
    return ofSystem("UnixOperatingSystemMXBean", what);
  }

  /** By reflection, since not every JVM has these; -1 if this one has not. */
  private static double ofSystem(String bean, String getter) {
    try {
      OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
      Method method = Class.forName("com.sun.management." + bean).getMethod(getter);
      return ((Number) method.invoke(system)).doubleValue();
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return -1;
    }
  }
}
