package io.meshagent.core.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.meshagent.core.cli.table.Command;
import io.meshagent.core.cli.table.Given;
import io.meshagent.core.cli.table.Io;
import io.meshagent.core.cli.table.Misuse;
import java.util.concurrent.TimeUnit;

/** {@code calls}: how the calls of a running program go, method by method, again and again. */
final class CallsCommand {

  static final Command COMMAND =
      Command.of("calls", "a live table of a program's calls, by method")
          .option("--pid", "PID", "of the program, on this machine and of this user")
          .option("--url", "HOST:PORT", "of the program's admin page, instead")
          .option("--every", "TIME", "between two looks, 2s if there is none")
          .option("--once", "one table, and the end")
          .option("--json", "one object a look, for programs")
          .note("^C ends it. Times are upper bounds of the range that a metric counts.")
          .does(CallsCommand::run);

  private static final Gson GSON = new Gson();
  private static final Gson PRETTY = new GsonBuilder().setPrettyPrinting().create();
  private static final long LEAST_MILLIS = 100;

  /** Has a terminal begin at its top. */
  private static final String CLEAR = "\u001b[H\u001b[2J";

  private CallsCommand() {}

  private static int run(Given given, Io io) throws Misuse {
    long millis = Math.max(LEAST_MILLIS, Durations.millis(given.option("--every"), 2_000));
    boolean once = given.has("--once");
    try {
      RunningAgent agent = RunningAgent.of(given);
      CallTable before = CallTable.of(agent.text("/metrics"));
      while (true) {
        TimeUnit.MILLISECONDS.sleep(millis);
        CallTable now = CallTable.of(agent.text("/metrics"));
        if (given.has("--json")) {
          io.out().println((once ? PRETTY : GSON).toJson(now.since(before)));
        } else {
          io.out().print(once || System.getenv("TERM") == null ? "" : CLEAR);
          io.out().println(agent.address());
          now.print(before, io.out());
        }
        io.out().flush();
        if (once) {
          return 0;
        }
        before = now;
      }
    } catch (RunningAgent.Silent e) {
      io.err().println(e.getMessage());
      return Exit.SILENCE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }
}
