package io.meshagent.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a JVM takes at a moment, after a full collection: kilobytes of heap and of metaspace,
 * threads, open files. Immutable.
 */
public record JvmSize(double heap, double metaspace, double threads, double files) {

  private static final Pattern USED = Pattern.compile("(?m)^\\s*(\\S+(?: \\S+)*?) .*?used (\\d+)K");

  /** Of one that runs, by the tools of this JDK. */
  public static JvmSize of(Jvm jvm) {
    String unused = AgentCommand.jcmd(jvm, "GC.run");
    Matcher used = USED.matcher(AgentCommand.jcmd(jvm, "GC.heap_info"));
    double heap = 0;
    double metaspace = 0;
    while (used.find()) {
      String what = used.group(1).toLowerCase(Locale.ROOT);
      if (what.startsWith("metaspace")) {
        metaspace += Double.parseDouble(used.group(2));
      } else if (!what.startsWith("class")) {
        heap += Double.parseDouble(used.group(2));
      }
    }
    return new JvmSize(heap, metaspace, count(jvm, "task"), count(jvm, "fd"));
  }

  private static long count(Jvm jvm, String folder) {
    try (Stream<Path> all = Files.list(Path.of("/proc", String.valueOf(jvm.pid()), folder))) {
      return all.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
