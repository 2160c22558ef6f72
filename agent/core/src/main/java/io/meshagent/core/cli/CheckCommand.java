package io.meshagent.core.cli;

import io.meshagent.bootstrap.MeshAgent;
import io.meshagent.core.check.Check;
import io.meshagent.core.check.CheckReport;
import io.meshagent.core.check.Finding;
import io.meshagent.core.config.ConfigLoader;
import io.meshagent.core.config.Settings;
import io.meshagent.core.log.Printable;
import io.meshagent.core.policy.Policies;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * {@code check [FILE | PID]}: says what is wrong with a configuration, all at once, and tries what
 * it says; of a program that runs, too. Exit status 0 if nothing is wrong, 1 if something is, 2 for
 * wrong use.
 */
public final class CheckCommand {

  static final List<String> USAGE =
      Collections.unmodifiableList(
          Arrays.asList(
              "check [FILE] [--app JAR] [--within SECONDS] [--offline] [--json]   say what is wrong"
                  + " with a configuration, and try it",
              "check PID [--json]   the same for a program that runs"));

  /** Where standard output says in which letters it is written; the last are the JVM's own. */
  private static final List<String> ENCODINGS =
      Arrays.asList("stdout.encoding", "sun.stdout.encoding", "native.encoding");

  private static final Pattern SECONDS = Pattern.compile("[1-9]\\d?");

  private final PrintStream out;
  private final Path proc;
  private final Map<String, String> environment;
  private final Properties system;

  /** Of the command line. */
  private final List<String> words = new ArrayList<>();

  private String app;
  private int millis = Check.LIMIT_MILLIS;
  private boolean json;
  private boolean offline;

  CheckCommand(PrintStream out, Path proc, Map<String, String> environment, Properties system) {
    this.out = out;
    this.proc = proc;
    this.environment = environment;
    this.system = system;
  }

  public static int run(List<String> args, PrintStream out) {
    return new CheckCommand(out, Paths.get("/proc"), System.getenv(), System.getProperties())
        .run(args);
  }

  int run(List<String> args) {
    if (!read(args) || words.size() > 1) {
      return usage();
    }
    String word = words.isEmpty() ? null : words.get(0);
    if (word != null && ProgramPage.isPid(word)) {
      return app == null && !offline ? running(word) : usage();
    }
    Settings settings;
    try {
      settings = settings(word);
    } catch (InvalidPathException e) {
      return tell(CheckReport.impossible(word + ": this is no path of a file"), word);
    }
    String file = settings.file();
    String shownAs = word != null ? word : file == null ? "no configuration file" : file;
    Check check =
        offline
            ? Check.ofSettings(settings, shownAs)
            : Check.ofStart(settings, shownAs, environment, millis);
    return tell((app == null ? check : check.andProgram(app)).run(), shownAs);
  }

  private int usage() {
    out.println("usage: java -jar mesh-agent.jar COMMAND");
    USAGE.forEach(line -> out.println("  " + line));
    return 2;
  }

  /** False for wrong use. */
  private boolean read(List<String> args) {
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      if (arg.equals("--json")) {
        json = true;
      } else if (arg.equals("--offline")) {
        offline = true;
      } else if (arg.equals("--app") && i + 1 < args.size()) {
        app = args.get(++i);
      } else if (arg.equals("--within")
          && i + 1 < args.size()
          && SECONDS.matcher(args.get(i + 1)).matches()) {
        millis = 1_000 * Integer.parseInt(args.get(++i));
      } else if (arg.startsWith("-")) {
        return false;
      } else {
        words.add(arg);
      }
    }
    return true;
  }

  /**
   * As the agent would read them; without trying them what stands in the file alone.
   *
   * @param file null for the one that it would find
   */
  private Settings settings(String file) {
    if (offline && file != null) {
      return ConfigLoader.loadFile(Policies.keys(), Paths.get(file));
    }
    try {
      // A text with an equals sign could be one of settings, and no path.
      boolean isPath = file == null || file.indexOf('=') < 0;
      return ConfigLoader.load(
          Policies.keys(),
          isPath ? file : Paths.get(file).toAbsolutePath().toString(),
          MeshAgent.jarFile().toPath(),
          environment,
          system);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private int running(String pid) {
    String of = "pid " + pid;
    try {
      return tell(new ProgramPage(proc, pid).check(), of);
    } catch (ProgramPage.NotThere e) {
      String why = e.getMessage();
      boolean stop = why.endsWith(".");
      return tell(
          CheckReport.impossible(of + ": " + (stop ? why.substring(0, why.length() - 1) : why)),
          of);
    }
  }

  private int tell(CheckReport report, String of) {
    if (json) {
      out.println(report.json(of));
    } else {
      boolean letters = canShow(charset());
      report
          .findings()
          .forEach(
              each ->
                  out.println(mark(each.mark(), letters) + " " + Printable.of(each.sentence())));
      if (!offline) {
        out.println(summary(report));
      }
    }
    return report.isGood() ? 0 : 1;
  }

  private static String summary(CheckReport report) {
    int wrong = report.count(Finding.Mark.WRONG);
    int hints = report.count(Finding.Mark.HINT);
    return "Looked at "
        + report.findings().size()
        + (wrong == 0 ? ": nothing is wrong" : ": " + wrong + " wrong")
        + (hints == 0 ? "." : hints == 1 ? ", 1 hint." : ", " + hints + " hints.");
  }

  static String mark(Finding.Mark mark, boolean letters) {
    switch (mark) {
      case GOOD:
        return letters ? "\u221a" : "+";
      case HINT:
        return "!";
      default:
        return letters ? "\u00d7" : "x";
    }
  }

  /** Of standard output. */
  static Charset charset() {
    for (String property : ENCODINGS) {
      String name = System.getProperty(property);
      if (name != null && Charset.isSupported(name)) {
        return Charset.forName(name);
      }
    }
    return Charset.defaultCharset();
  }

  static boolean canShow(Charset charset) {
    return charset.canEncode() && charset.newEncoder().canEncode("\u221a\u00d7");
  }
}
