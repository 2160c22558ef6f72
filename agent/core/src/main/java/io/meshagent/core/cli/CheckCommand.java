package io.meshagent.core.cli;

import io.meshagent.bootstrap.MeshAgent;
import io.meshagent.core.check.Check;
import io.meshagent.core.check.CheckReport;
import io.meshagent.core.check.Finding;
import io.meshagent.core.cli.table.Command;
import io.meshagent.core.cli.table.Given;
import io.meshagent.core.cli.table.Io;
import io.meshagent.core.cli.table.Misuse;
import io.meshagent.core.config.ConfigLoader;
import io.meshagent.core.config.Settings;
import io.meshagent.core.log.Printable;
import io.meshagent.core.policy.Policies;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * {@code check [FILE | PID]}: says what is wrong with a configuration, all at once, and tries what
 * it says; of a program that runs, too. Exit status 0 if nothing is wrong, 1 if something is, 2 for
 * wrong use.
 */
public final class CheckCommand {

  static final Command COMMAND =
      Command.of("check", "say what is wrong with a configuration, and try it")
          .mayTake("FILE|PID", "as the agent reads it, or of a program that runs")
          .option("--app", "JAR", "the program, or its class path: which gRPC is in it")
          .option("--within", "SECONDS", "how long all may take; 4 if not said")
          .option("--offline", "only read it, and ask nobody")
          .option("--json", "for programs")
          .does(CheckCommand::run);

  /** Where standard output says in which letters it is written; the last are the JVM's own. */
  private static final List<String> ENCODINGS =
      Arrays.asList("stdout.encoding", "sun.stdout.encoding", "native.encoding");

  private static final Pattern SECONDS = Pattern.compile("[1-9]\\d?");

  private final PrintStream out;
  private final boolean json;
  private final boolean offline;

  private CheckCommand(Given given, PrintStream out) {
    this.out = out;
    this.json = given.has("--json");
    this.offline = given.has("--offline");
  }

  private static int run(Given given, Io io) throws Misuse {
    return new CheckCommand(given, io.out())
        .run(given.word(0), given.option("--app"), millis(given.option("--within")));
  }

  private static int millis(String seconds) throws Misuse {
    if (seconds == null) {
      return Check.LIMIT_MILLIS;
    }
    if (!SECONDS.matcher(seconds).matches()) {
      throw new Misuse("--within takes seconds, 1 to 99, and not " + seconds + ".");
    }
    return 1_000 * Integer.parseInt(seconds);
  }

  /**
   * @param word null if there is none
   * @param app null if none is to be looked at
   */
  private int run(String word, String app, int millis) throws Misuse {
    if (word != null && RunningAgent.isPid(word)) {
      if (app != null || offline) {
        throw new Misuse("a program that runs is looked at as it is, without --app and --offline.");
      }
      return running(word);
    }
    Settings settings;
    try {
      settings = settings(word);
    } catch (InvalidPathException e) {
      return tell(CheckReport.impossible(word + ": this is no path of a file"), word);
    }
    String file = settings.file();
    String shownAs = word != null ? word : file == null ? "no configuration file" : file;
    Map<String, String> environment = System.getenv();
    Check check =
        offline
            ? Check.ofSettings(settings, shownAs)
            : Check.ofStart(settings, shownAs, environment, millis);
    return tell((app == null ? check : check.andProgram(app)).run(), shownAs);
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
          System.getenv(),
          System.getProperties());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private int running(String pid) {
    String of = "pid " + pid;
    try {
      RunningAgent agent = RunningAgent.of(Paths.get("/proc"), pid);
      CheckReport report = CheckReport.parse(agent.text("/check"));
      return tell(
          report == null
              ? CheckReport.impossible(
                  of + ": what answers at " + agent.address() + " is not the page of an agent")
              : report,
          of);
    } catch (RunningAgent.Silent e) {
      return tell(CheckReport.impossible(e.getMessage().replaceFirst("\\.$", "")), of);
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
