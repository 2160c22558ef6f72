package io.meshagent.core.telemetry.metrics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/**
 * What the Linux container of this process may use and uses, by the files of cgroup v2 or v1; -1
 * for what is not bounded or not known. Read anew each time, since limits change while a program
 * runs. Stateless.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html">cgroup v2</a>
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/memory.html">cgroup v1, memory</a>
 */
final class Container {

  private static final double NONE = -1;

  /** What v1 says for no bound is near the largest number that there is. */
  private static final double MOST = 1L << 60;

  private final Path membership;
  private final Path groups;

  /**
   * @param root where {@code proc} and {@code sys} are
   */
  Container(Path root) {
    this.membership = root.resolve("proc/self/cgroup");
    this.groups = root.resolve("sys/fs/cgroup");
  }

  /** How many CPUs' time. */
  double cores() {
    Path second = innermost(group("", ""), "cpu.max");
    if (second != null) {
      String[] words = line(second.resolve("cpu.max")).split("\\s+", -1);
      return words.length == 2 ? share(number(words[0]), number(words[1])) : NONE;
    }
    Path first = innermost(group("cpu", "cpu"), "cpu.cfs_quota_us");
    return first == null
        ? NONE
        : share(
            number(line(first.resolve("cpu.cfs_quota_us"))),
            number(line(first.resolve("cpu.cfs_period_us"))));
  }

  private static double share(double quota, double period) {
    return quota > 0 && period > 0 ? quota / period : NONE;
  }

  /** Bytes. */
  double memoryLimit() {
    Path second = innermost(group("", ""), "memory.max");
    double limit =
        second == null
            ? number(line(memoryOfFirst("memory.limit_in_bytes")))
            : number(line(second.resolve("memory.max")));
    return limit >= MOST ? NONE : limit;
  }

  /** Bytes. */
  double memoryUsed() {
    Path second = group("", "").resolve("memory.current");
    return number(line(Files.exists(second) ? second : memoryOfFirst("memory.usage_in_bytes")));
  }

  private Path memoryOfFirst(String file) {
    Path group = innermost(group("memory", "memory"), file);
    return (group == null ? groups.resolve("memory") : group).resolve(file);
  }

  /**
   * The group of this process.
   *
   * @param controller empty for v2
   * @param mount below the directory of all groups
   */
  private Path group(String controller, String mount) {
    Path top = groups.resolve(mount).normalize();
    for (String line : lines(membership)) {
      // hierarchy:controllers:path, of which v2 has no controllers.
      String[] parts = line.split(":", 3);
      if (parts.length == 3 && ("," + parts[1] + ",").contains("," + controller + ",")) {
        Path group = top.resolve(parts[2].replaceFirst("^/+", "")).normalize();
        // One outside of what this container sees is its own root.
        return group.startsWith(top) ? group : top;
      }
    }
    return top;
  }

  /** The innermost group, from here upwards, that has a bound in this file; null for none. */
  private Path innermost(Path from, String file) {
    for (Path group = from; group != null && group.startsWith(groups); group = group.getParent()) {
      String first = line(group.resolve(file)).split("\\s+", -1)[0];
      if (number(first) > 0) {
        return group;
      }
    }
    return null;
  }

  private static String line(Path file) {
    List<String> lines = lines(file);
    return lines.isEmpty() ? "" : lines.get(0).trim();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException | RuntimeException e) {
      return Collections.emptyList();
    }
  }

  /** Or {@link #NONE}, as for {@code max}. */
  private static double number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return NONE;
    }
  }
}
