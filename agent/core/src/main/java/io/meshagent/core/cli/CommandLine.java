package io.meshagent.core.cli;

import io.meshagent.bootstrap.MeshAgent;
import io.meshagent.core.cli.table.Command;
import io.meshagent.core.cli.table.CommandTable;
import io.meshagent.core.cli.table.Completion;
import io.meshagent.core.cli.table.Given;
import io.meshagent.core.cli.table.Io;
import io.meshagent.core.cli.table.Misuse;
import io.meshagent.core.console.ConsoleCommand;
import io.meshagent.core.policy.Policies;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What {@code java -jar mesh-agent.jar …} does: the table of its commands. Called by name from the
 * main method in {@code bootstrap}, on the main thread.
 */
public final class CommandLine {

  /** As long as no answer of etcd or of a program takes. */
  private static final int PATIENCE_SECONDS = 60;

  /** Commands that bound their time themselves, last until they are ended, or ask nobody. */
  private static final List<String> UNBOUNDED =
      Collections.unmodifiableList(
          Arrays.asList(
              "check", "calls", "watch", "console", "attach", "detach", "completion", "version"));

  private CommandLine() {}

  /**
   * Runs one command.
   *
   * @return the exit status of the process
   */
  public static int run(String[] args, PrintStream out, PrintStream err) {
    return table().run(Arrays.asList(args), new Io(System.in, out, err));
  }

  static CommandTable table() {
    List<Command> all = new ArrayList<>();
    all.add(CheckCommand.COMMAND);
    all.add(ExplainCommand.COMMAND);
    all.add(CallsCommand.COMMAND);
    all.add(ServicesCommand.COMMAND);
    all.add(WatchCommand.COMMAND);
    all.add(AgentsCommand.COMMAND);
    all.addAll(PoliciesCommand.rows(PoliciesCommand::here));
    all.addAll(SwitchCommands.rows());
    all.add(DrainCommand.COMMAND);
    all.add(
        Command.of("console", "a page for the whole mesh, until it is ended")
            .option("--etcd", "URL[,URL…]", "where etcd is, instead of what the configuration says")
            .option("--port", "PORT", "on loopback; 26465 if not said, 0 for any")
            .option("--token-file", "FILE", "the token that changes need; made if there is none")
            .does(
                (given, io) ->
                    ConsoleCommand.run(
                        EtcdAccess.endpoints(given),
                        port(given.option("--port")),
                        given.option("--token-file"),
                        io.out())));
    all.add(
        Command.of("attach", "govern a program that runs; without PID, list them")
            .mayTake("PID", "of the program")
            .takesAny("FILE | key=value", "its configuration: a file, or settings")
            .does((given, io) -> AttachCommand.attach(given.words(), io.out())));
    all.add(
        Command.of("detach", "let it go on without the agent")
            .takes("PID", "of the program")
            .does((given, io) -> AttachCommand.detach(given.words(), io.out())));
    all.add(
        Command.of("completion", "what a shell sources to complete all of this")
            .takes("bash|zsh", "the shell")
            .does(CommandLine::completion));
    all.add(
        Command.of("version", "of the agent and of this Java")
            .option("--json", "for programs")
            .note("The same as --version. The commit is that of a jar that was handed out.")
            .does(VersionCommand::run));
    all.replaceAll(each -> UNBOUNDED.contains(each.name()) ? each : each.within(PATIENCE_SECONDS));
    Map<String, String> otherwise = new HashMap<>();
    otherwise.put("policies", "policies list");
    otherwise.put("--version", "version");
    return new CommandTable(all, otherwise);
  }

  private static int port(String port) throws Misuse {
    if (port == null) {
      return -1;
    }
    if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
      throw new Misuse(port + " is no port.");
    }
    return Integer.parseInt(port);
  }

  private static int completion(Given given, Io io) throws Misuse {
    Map<String, List<String>> words = new HashMap<>();
    List<String> keys =
        Policies.keys().all().stream()
            .filter(key -> key.isLive())
            .map(key -> key.name())
            .collect(Collectors.toList());
    words.put("key", keys);
    words.put("key=value", keys.stream().map(key -> key + "=").collect(Collectors.toList()));
    words.put("bash|zsh", Arrays.asList("bash", "zsh"));
    String jar;
    try {
      jar = MeshAgent.jarFile().getPath();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    switch (given.word(0)) {
      case "bash":
        io.out().print(Completion.bash(table(), jar, words));
        return 0;
      case "zsh":
        io.out().print(Completion.zsh(table(), jar, words));
        return 0;
      default:
        throw new Misuse("there is no completion for " + given.word(0) + ".");
    }
  }
}
