package io.meshagent.it.tools.repeat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs classes of tests again and again, every second time with busy processes beside them, and
 * says what failed how often. {@code repeat.sh} starts it; its exit status is 0 only if something
 * ran each time and nothing failed.
 */
public final class Repeat {

  /** Keeps a processor busy until this JVM is gone, however that ends. */
  private static final String BUSY =
      "while kill -0 $PPID 2>/dev/null; do i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; done";

  /** Properties that say which ring it is, which test JVM, and where things are. */
  private static final List<String> PASSED_ON =
      List.of("mesh.ring", "mesh.soak", "it.fork", "it.root", "it.dir");

  /** So many of the last lines of a run are kept for when it fails; unit tests print thousands. */
  private static final int KEPT_LINES = 2_000;

  private final List<String> classes;
  private final String excludedTags;
  private final int load;

  /** Whether what a run prints is shown only if something failed in it. */
  private final boolean quiet;

  private final Map<String, Integer> failures = new TreeMap<>();
  private int runsThatFailed;

  private Repeat(List<String> classes, String excludedTags, int load, boolean quiet) {
    this.classes = classes;
    this.excludedTags = excludedTags;
    this.load = load;
    this.quiet = quiet;
  }

  /**
   * See {@code repeat.sh}, which hands its words on.
   *
   * @param args {@code CLASS… [-n RUNS] [--load PROCESSES] [--exclude TAGS] [--quiet]}
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> classes = new ArrayList<>();
    String excluded = "";
    int runs = 20;
    int load = 0;
    boolean quiet = false;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "-n" -> runs = Integer.parseInt(args[++i]);
        case "--load" -> load = Integer.parseInt(args[++i]);
        case "--exclude" -> excluded = args[++i];
        case "--quiet" -> quiet = true;
        default -> classes.add(args[i]);
      }
    }
    Repeat repeat = new Repeat(classes, excluded, load, quiet);
    for (int run = 1; run <= runs; run++) {
      repeat.run(run, runs);
    }
    System.exit(repeat.tell(runs));
  }

  private void run(int run, int runs) throws IOException, InterruptedException {
    List<Process> busy = new ArrayList<>();
    long began = System.nanoTime();
    String counts;
    try {
      // The even ones, so that half of the runs are on a machine with nothing else to do.
      for (int i = 0; i < (run % 2 == 0 ? load : 0); i++) {
        busy.add(new ProcessBuilder("sh", "-c", BUSY).start());
      }
      counts = once(busy.isEmpty() ? "" : " (busy)");
    } finally {
      busy.forEach(Process::destroyForcibly);
    }
    print(
        String.format(
            Locale.ROOT,
            "run %d of %d%s: %s, %d s",
            run,
            runs,
            busy.isEmpty() ? "" : ", " + busy.size() + " busy processes beside",
            counts,
            Duration.ofNanos(System.nanoTime() - began).toSeconds()));
  }

  /** Returns how many went well and how many failed, in words. */
  private String once(String circumstances) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String property : PASSED_ON) {
      String value = System.getProperty(property);
      if (value != null) {
        command.add("-D" + property + "=" + value);
      }
    }
    command.addAll(List.of("-classpath", System.getProperty("java.class.path")));
    command.addAll(List.of(OneRun.class.getName(), excludedTags));
    command.addAll(classes);
    Process run = new ProcessBuilder(command).redirectErrorStream(true).start();
    String counts = null;
    Deque<String> held = new ArrayDeque<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(run.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(OneRun.FAILED)) {
          failures.merge(line.substring(OneRun.FAILED.length()) + circumstances, 1, Integer::sum);
        } else if (line.startsWith(OneRun.COUNTS)) {
          counts = line.substring(OneRun.COUNTS.length());
        } else if (!quiet) {
          print(line);
        } else {
          held.add(line);
          if (held.size() > KEPT_LINES) {
            held.remove();
          }
        }
      }
    }
    int status = run.waitFor();
    if (counts == null) {
      failures.merge("the run itself, exit status " + status + circumstances, 1, Integer::sum);
      counts = "0 1";
    } else if (counts.equals("0 0")) {
      failures.merge("no test ran: the ring has none of them" + circumstances, 1, Integer::sum);
      counts = "0 1";
    }
    if (!counts.endsWith(" 0")) {
      runsThatFailed++;
      held.forEach(Repeat::print);
    }
    return counts.replace(" ", " ok, ") + " failed";
  }

  /** The whole line at once, because another test JVM may be printing there as well. */
  private static void print(String line) {
    if (!line.isEmpty()) {
      System.out.println(line);
    }
  }

  /** Returns the exit status. */
  private int tell(int runs) {
    print("== " + (runs - runsThatFailed) + " of " + runs + " runs without a failure");
    failures.forEach((test, count) -> print("   " + count + " x " + test));
    return runsThatFailed == 0 ? 0 : 1;
  }
}
