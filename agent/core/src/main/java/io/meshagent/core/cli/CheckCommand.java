package io.meshagent.core.cli;

import io.meshagent.core.config.ConfigLoader;
import io.meshagent.core.config.PlaintextPassword;
import io.meshagent.core.config.Problem;
import io.meshagent.core.config.Setting;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.Policies;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Paths;
import java.util.List;

/**
 * {@code check FILE}: says what is wrong with a configuration file, all at once. Exit status 0 for
 * a good file, 1 for problems, 2 for wrong use.
 */
public final class CheckCommand {

  static final String USAGE = "check FILE   say what is wrong with a configuration file";

  private CheckCommand() {}

  public static int run(List<String> args, PrintStream out) {
    if (args.size() != 1) {
      out.println("usage: java -jar mesh-agent.jar check FILE");
      return 2;
    }
    String file = args.get(0);
    Settings settings;
    try {
      settings = ConfigLoader.loadFile(Policies.keys(), Paths.get(file));
    } catch (InvalidPathException e) {
      out.println(file + ": this is no path of a file.");
      return 1;
    }
    for (Problem problem : settings.problems()) {
      out.println(problem);
    }
    String plaintext = PlaintextPassword.problem(settings);
    if (plaintext != null) {
      out.println(file + ": " + plaintext + ".");
    }
    if (!settings.problems().isEmpty() || plaintext != null) {
      return 1;
    }
    long count = settings.sources().stream().filter(CheckCommand::isWritten).count();
    out.println(file + ": " + count + (count == 1 ? " setting" : " settings") + ", no problem.");
    return 0;
  }

  private static boolean isWritten(Setting setting) {
    return !setting.isDefault();
  }
}
