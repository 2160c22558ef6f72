package io.meshagent.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Flags with which dozens of JVMs start on few cores: none lives long enough for the second
 * compiler, or for a heap that is worth several collectors. Stateless.
 */
final class QuickStart {

  private static final List<String> ALWAYS =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-Xms64m",
          "-Xmx256m",
          // With less the VM collects everything once, on its way through the agent's classes.
          "-XX:MetaspaceSize=64m");

  /** Most of what a start runs is not run often enough to be worth a compiler's time. */
  private static final String FEW_COMPILED = "-XX:CompileThresholdScaling=2";

  private static final int FIRST_TO_SCALE = 9;

  /** A page fault is dear on a virtual machine. */
  private static final String LARGE_PAGES = "-XX:+UseTransparentHugePages";

  private static final boolean HAS_LARGE_PAGES = hasLargePages();

  private QuickStart() {}

  static List<String> flags(int jdk) {
    List<String> flags = new ArrayList<>(ALWAYS);
    if (jdk >= FIRST_TO_SCALE) {
      flags.add(FEW_COMPILED);
    }
    if (HAS_LARGE_PAGES) {
      flags.add(LARGE_PAGES);
    }
    return flags;
  }

  /** Where a kernel has none, a JVM that is told to use them says so on its stdout. */
  private static boolean hasLargePages() {
    Path mode = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
    try {
      return Files.isReadable(mode) && !Files.readString(mode).contains("[never]");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
