package io.meshagent.it.repeat;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs classes of scenarios again and again, every second time with busy processes beside them, and
 * says what failed how often. {@code repeat.sh} starts it; its exit status is 0 only if nothing
 * failed.
 */
public final class Repeat {

  private static final String PACKAGE = "io.meshagent.it";

  /** Keeps a processor busy until this JVM is gone, however that ends. */
  private static final String BUSY =
      "while kill -0 $PPID 2>/dev/null; do i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; done";

  private final List<String> classes;
  private final List<String> excludedTags;
  private final int load;
  private final Map<String, Integer> failures = new TreeMap<>();
  private int runsThatFailed;

  private Repeat(List<String> classes, List<String> excludedTags, int load) {
    this.classes = classes;
    this.excludedTags = excludedTags;
    this.load = load;
  }

  /**
   * See {@code repeat.sh}, which hands its words on as they are.
   *
   * @param args {@code CLASS… [-n RUNS] [--load PROCESSES] [--exclude TAGS]}; no class is all
   */
  public static void main(String[] args) throws IOException {
    List<String> classes = new ArrayList<>();
    List<String> excluded = List.of();
    int runs = 20;
    int load = 0;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "-n" -> runs = Integer.parseInt(args[++i]);
        case "--load" -> load = Integer.parseInt(args[++i]);
        case "--exclude" -> excluded = List.of(args[++i].split(",", -1));
        default -> classes.add(args[i]);
      }
    }
    Repeat repeat = new Repeat(classes, excluded, load);
    for (int run = 1; run <= runs; run++) {
      repeat.run(run, runs);
    }
    System.exit(repeat.tell(runs));
  }

  private void run(int run, int runs) throws IOException {
    List<Process> busy = new ArrayList<>();
    long began = System.nanoTime();
    TestExecutionSummary summary;
    try {
      // The even ones, so that half of the runs are on a machine with nothing else to do.
      for (int i = 0; i < (run % 2 == 0 ? load : 0); i++) {
        busy.add(new ProcessBuilder("sh", "-c", BUSY).start());
      }
      summary = once();
    } finally {
      busy.forEach(Process::destroyForcibly);
    }
    String beside = busy.isEmpty() ? "" : ", " + busy.size() + " busy processes beside";
    System.out.printf(
        Locale.ROOT,
        "run %d of %d%s: %d ok, %d failed, %d s%n",
        run,
        runs,
        beside,
        summary.getTestsSucceededCount(),
        summary.getTotalFailureCount(),
        Duration.ofNanos(System.nanoTime() - began).toSeconds());
    if (summary.getTotalFailureCount() > 0) {
      runsThatFailed++;
      summary.printFailuresTo(new PrintWriter(System.out, true, StandardCharsets.UTF_8), 12);
    }
    summary
        .getFailures()
        .forEach(
            each -> {
              String parent = each.getTestIdentifier().getParentId().orElse("");
              failures.merge(
                  parent.replaceAll(".*\\[class:([^\\]]*)\\].*", "$1")
                      + ": "
                      + each.getTestIdentifier().getDisplayName()
                      + (beside.isEmpty() ? "" : " (busy)"),
                  1,
                  Integer::sum);
            });
  }

  private TestExecutionSummary once() {
    List<DiscoverySelector> selectors = new ArrayList<>();
    for (String name : classes) {
      selectors.add(selectClass(name.contains(".") ? name : PACKAGE + "." + name));
    }
    if (selectors.isEmpty()) {
      selectors.add(selectPackage(PACKAGE));
    }
    LauncherDiscoveryRequestBuilder request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectors)
            .filters(ClassNameFilter.includeClassNamePatterns(".*IT"));
    if (!excludedTags.isEmpty()) {
      request.filters(TagFilter.excludeTags(excludedTags));
    }
    LauncherDiscoveryRequest all = request.build();
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(all, listener);
    return listener.getSummary();
  }

  /** Returns the exit status. */
  private int tell(int runs) {
    System.out.printf("== %d of %d runs without a failure%n", runs - runsThatFailed, runs);
    failures.forEach((test, count) -> System.out.printf("   %d x %s%n", count, test));
    return runsThatFailed == 0 ? 0 : 1;
  }
}
