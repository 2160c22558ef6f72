package io.meshagent.it.tools.repeat;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * One run of some classes, in a JVM of its own as in a build: what a class keeps in static fields
 * is closed behind it. Prints what failed, and lines for {@link Repeat}.
 */
final class OneRun {

  /** Begins the line that says how many went well and how many failed. */
  static final String COUNTS = "counts: ";

  /** Begins a line for each that failed. */
  static final String FAILED = "failed: ";

  private OneRun() {}

  /**
   * Runs them.
   *
   * @param args the tags to leave out with commas between, or nothing; then the names of classes,
   *     in full, or of single methods as {@code io.meshagent.it.RestIT#name(java.lang.String)}
   */
  public static void main(String[] args) {
    List<DiscoverySelector> selectors = new ArrayList<>();
    for (String name : List.of(args).subList(1, args.length)) {
      selectors.add(selector(name));
    }
    LauncherDiscoveryRequestBuilder request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectors);
    if (!args[0].isEmpty()) {
      request.filters(TagFilter.excludeTags(List.of(args[0].split(",", -1))));
    }
    LauncherDiscoveryRequest all = request.build();
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(all, listener);
    // A test may have printed a line without its end.
    System.out.println();
    TestExecutionSummary summary = listener.getSummary();
    if (summary.getTotalFailureCount() > 0) {
      summary.printFailuresTo(new PrintWriter(System.out, true, StandardCharsets.UTF_8), 12);
    }
    summary
        .getFailures()
        .forEach(
            each -> {
              String parent = each.getTestIdentifier().getParentId().orElse("");
              System.out.println(
                  FAILED
                      + parent.replaceAll(".*\\[class:([^\\]]*)\\].*", "$1")
                      + ": "
                      + each.getTestIdentifier().getDisplayName().replace('\n', ' '));
            });
    System.out.println(
        COUNTS + summary.getTestsSucceededCount() + " " + summary.getTotalFailureCount());
    // Threads of a harness that failed must not keep the next run waiting.
    System.exit(0);
  }

  private static DiscoverySelector selector(String name) {
    return name.contains("#") ? selectMethod(name) : selectClass(name);
  }
}
