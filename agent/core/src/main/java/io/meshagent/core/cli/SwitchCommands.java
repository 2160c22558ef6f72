package io.meshagent.core.cli;

import io.meshagent.core.cli.table.Command;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What has to be quick in an incident: one command for one setting of a document, which all
 * programs follow. Stateless.
 */
final class SwitchCommands {

  /** The documents that they write. */
  private static final String FAULTS = "faults";

  private static final String BREAKERS = "breakers";

  private static final String KEY = "client.breaker.forced@";

  private static final String STATUS =
      "Exit status as of policies set: 3 if no program that is there runs it yet.";

  private SwitchCommands() {}

  /** The rows of the table. */
  static List<Command> rows() {
    return Arrays.asList(
        Command.of("faults off", "no fault is injected any more, in any program")
            .note("Writes faults=false into the document " + FAULTS + ". " + STATUS)
            .does(
                (given, io) -> PoliciesCommand.here(io).set(Arrays.asList(FAULTS, "faults=false"))),
        Command.of("faults on", "takes that back")
            .note(STATUS)
            .does((given, io) -> PoliciesCommand.here(io).unset(Arrays.asList(FAULTS, "faults"))),
        forced("breaker open", "have all calls of a method refused", "open"),
        forced(
            "breaker close",
            "have none refused by its circuit, whatever becomes of them",
            "closed"),
        Command.of("breaker reset", "let circuits open and close by themselves again")
            .mayTake("METHOD", "as it was given to open or close; all of them if there is none")
            .note(STATUS)
            .does(
                (given, io) ->
                    given.word(0) == null
                        ? PoliciesCommand.here(io).delete(BREAKERS)
                        : PoliciesCommand.here(io)
                            .unset(Arrays.asList(BREAKERS, KEY + given.word(0)))));
  }

  private static Command forced(String name, String summary, String value) {
    return Command.of(name, summary)
        .takes("METHOD", "pkg.Service/Method, a service, or a pattern with *")
        .note("Writes client.breaker.forced into the document " + BREAKERS + ". " + STATUS)
        .does(
            (given, io) -> {
              List<String> set = Collections.singletonList(KEY + given.word(0) + "=" + value);
              return PoliciesCommand.here(io).set(Arrays.asList(BREAKERS, set.get(0)));
            });
  }
}
