package io.meshagent.core.cli;

import io.meshagent.core.console.ConsoleCommand;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;

/**
 * What {@code java -jar mesh-agent.jar …} does. Called by name from the main method in {@code
 * bootstrap}, on the main thread.
 */
public final class CommandLine {

  private CommandLine() {}

  /**
   * Runs one command.
   *
   * @return the exit status of the process
   */
  public static int run(String[] args, PrintStream out, PrintStream err) {
    String command = args.length == 0 ? "" : args[0];
    List<String> rest = Arrays.asList(args).subList(Math.min(1, args.length), args.length);
    switch (command) {
      case "check":
        return CheckCommand.run(rest, out);
      case "attach":
        return AttachCommand.attach(rest, out);
      case "detach":
        return AttachCommand.detach(rest, out);
      case "policies":
        return PoliciesCommand.run(rest, System.in, out);
      case "console":
        return ConsoleCommand.run(rest, out);
      case "help":
      case "--help":
      case "-h":
        usage(out);
        return 0;
      case "":
        usage(err);
        return 2;
      default:
        err.println("mesh-agent: there is no command " + command + ".");
        usage(err);
        return 2;
    }
  }

  private static void usage(PrintStream to) {
    to.println("usage: java -javaagent:mesh-agent.jar[=FILE] -jar app.jar");
    to.println("       java -jar mesh-agent.jar COMMAND");
    to.println();
    to.println("commands:");
    CheckCommand.USAGE.forEach(line -> to.println("  " + line));
    PoliciesCommand.USAGE.forEach(line -> to.println("  " + line));
    to.println("  " + ConsoleCommand.USAGE);
    to.println("  " + AttachCommand.USAGE);
    to.println("  " + AttachCommand.DETACH_USAGE);
    to.println("  help         say this");
  }
}
