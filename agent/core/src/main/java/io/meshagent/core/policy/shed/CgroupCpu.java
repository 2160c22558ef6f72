package io.meshagent.core.policy.shed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What a Linux container uses of the CPU time that its quota gives it, by the files of cgroup v2 or
 * v1. The quota is the one of the innermost group that has any; it may be changed while we look.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu">cgroup v2, cpu</a>
 * @see <a href="https://docs.kernel.org/scheduler/sched-bwc.html">cgroup v1, CFS bandwidth</a>
 */
final class CgroupCpu implements CpuReading {

  private static final long NONE = -1;
  private static final double MICROS = 1_000;

  private final Path group;
  private final boolean second;
  private final LongSupplier nanoTime;

  private long usedNanos = NONE;
  private long readNanos;

  private CgroupCpu(Path group, boolean second, LongSupplier nanoTime) {
    this.group = group;
    this.second = second;
    this.nanoTime = nanoTime;
  }

  /**
   * The group of this process.
   *
   * @param membership {@code /proc/self/cgroup}
   * @param root where groups are mounted, {@code /sys/fs/cgroup}
   * @return null if nothing bounds it
   */
  static CgroupCpu find(Path membership, Path root, LongSupplier nanoTime) {
    String second = "/";
    String first = "/";
    for (String line : lines(membership)) {
      // hierarchy:controllers:path, of which v2 has no controllers.
      String[] parts = line.split(":", 3);
      if (parts.length == 3 && parts[1].isEmpty()) {
        second = parts[2];
      } else if (parts.length == 3 && ("," + parts[1] + ",").contains(",cpu,")) {
        first = parts[2];
      }
    }
    CgroupCpu found = bounded(root, second, true, nanoTime);
    if (found == null) {
      found = bounded(root.resolve("cpu,cpuacct"), first, false, nanoTime);
    }
    return found == null ? bounded(root.resolve("cpu"), first, false, nanoTime) : found;
  }

  /** The innermost group with a quota; a container may see its own as the root. */
  private static CgroupCpu bounded(Path root, String path, boolean second, LongSupplier nanoTime) {
    Path top = root.normalize();
    Path group = top.resolve(path.replaceFirst("^/+", "")).normalize();
    if (!group.startsWith(top)) {
      // Of a group outside of what this container sees.
      group = top;
    }
    for (; group != null && group.startsWith(top); group = group.getParent()) {
      CgroupCpu candidate = new CgroupCpu(group, second, nanoTime);
      if (candidate.cores() > 0 && candidate.used() != NONE) {
        return candidate;
      }
    }
    return null;
  }

  @Override
  public double read() {
    double cores = cores();
    long used = used();
    long now = nanoTime.getAsLong();
    double share =
        used == NONE || usedNanos == NONE || cores <= 0 || now == readNanos
            ? -1
            : (used - usedNanos) / (cores * (now - readNanos));
    usedNanos = used;
    readNanos = now;
    return share;
  }

  /** How many CPUs' time it may use; 0 if that is not bounded. */
  private double cores() {
    String[] bound =
        second
            ? words(line("cpu.max"))
            : new String[] {line("cpu.cfs_quota_us"), line("cpu.cfs_period_us")};
    if (bound.length != 2) {
      return 0;
    }
    long quota = number(bound[0]);
    long period = number(bound[1]);
    return quota <= 0 || period <= 0 ? 0 : (double) quota / period;
  }

  private long used() {
    if (!second) {
      return number(line("cpuacct.usage"));
    }
    for (String line : lines(group.resolve("cpu.stat"))) {
      if (line.startsWith("usage_usec ")) {
        long micros = number(words(line)[1]);
        return micros == NONE ? NONE : (long) (micros * MICROS);
      }
    }
    return NONE;
  }

  private String line(String file) {
    List<String> lines = lines(group.resolve(file));
    return lines.isEmpty() ? "" : lines.get(0).trim();
  }

  private static String[] words(String line) {
    return line.trim().split("\\s+", -1);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException | RuntimeException e) {
      return Collections.emptyList();
    }
  }

  /** Or {@link #NONE}, as for {@code max}. */
  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return NONE;
    }
  }
}
