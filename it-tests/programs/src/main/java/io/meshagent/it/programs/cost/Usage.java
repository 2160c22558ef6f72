package io.meshagent.it.programs.cost;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What this JVM has used so far and what it keeps. Processor time is the operating system's word,
 * for which it has to be Linux; the JIT's threads and the collector's are told apart by their names
 * and have to live as long as the JVM ({@code -XX:-UseDynamicNumberOfCompilerThreads}). For one
 * thread.
 */
final class Usage {

  private static final int COLLECTIONS = 3;
  private static final String UNKNOWN = "";

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /** Of each thread what was seen last, so that one that ends takes nothing away. */
  private final Map<Long, Long> seen = new HashMap<>();

  private long allocated;

  /**
   * Since the JVM began: bytes that Java threads have allocated, and nanoseconds of processor time
   * of the JIT, of the collector, and of all others.
   */
  String soFar() throws IOException {
    long bytes = allocated();
    long all = system.getProcessCpuTime();
    long jit = 0;
    long gc = 0;
    File[] tasks = new File("/proc/self/task").listFiles();
    if (tasks == null) {
      throw new IOException("no /proc/self/task: this wants Linux");
    }
    for (File task : tasks) {
      String name = read(task, "comm");
      if (name.matches("C[12] Comp.*|Sweeper.*")) {
        jit += nanos(task);
      } else if (name.matches("GC .*|G1 .*|VM Thread.*")) {
        gc += nanos(task);
      }
    }
    return "bytes=" + bytes + " cpu=" + (all - jit - gc) + " jit=" + jit + " gc=" + gc;
  }

  /** After collections: bytes of heap, of metaspace and of compiled code, and Java threads. */
  String kept() {
    long heap = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      heap = Math.min(heap, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return String.format(
        Locale.ROOT,
        "heap=%d metaspace=%d code=%d threads=%d",
        heap,
        used("Metaspace"),
        used("Code"),
        threads.getThreadCount());
  }

  private long allocated() {
    long[] ids = threads.getAllThreadIds();
    long[] bytes = threads.getThreadAllocatedBytes(ids);
    for (int i = 0; i < ids.length; i++) {
      if (bytes[i] > 0) {
        Long before = seen.put(ids[i], bytes[i]);
        allocated += bytes[i] - (before == null ? 0 : before);
      }
    }
    return allocated;
  }

  /** Of the pools whose name begins so; compiled code may have three. */
  private static long used(String name) {
    long sum = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getName().startsWith(name)) {
        sum += pool.getUsage().getUsed();
      }
    }
    return sum;
  }

  /** The first number of a thread's schedstat. */
  private static long nanos(File task) {
    String line = read(task, "schedstat");
    return line.equals(UNKNOWN) ? 0 : Long.parseLong(line.split(" ", 2)[0]);
  }

  /** Unknown is what a thread says that has ended meanwhile. */
  private static String read(File task, String name) {
    Path file = task.toPath().resolve(name);
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).trim();
    } catch (IOException e) {
      return UNKNOWN;
    }
  }
}
