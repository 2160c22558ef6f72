package io.meshagent.core.cli.table;

import io.meshagent.core.cli.table.Argument.Count;
import io.meshagent.core.config.NearNames;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One row of the table: the name of a command, what it takes, what it does, and the words that help
 * and the reference have for that. Immutable; each method that adds something gives another one.
 */
public final class Command {

  /** What a command does. On the main thread, or one that the main thread waits for. */
  @FunctionalInterface
  public interface Action {
    /**
     * Does it.
     *
     * @return the exit status: 0 all is well, 1 something is wrong, 3 nobody answered or runs it
     * @throws Misuse where only the command itself can tell that the words make no sense
     */
    int run(Given given, Io io) throws Misuse;
  }

  static final Option HELP = new Option("--help", null, "say this", false);

  private final String name;
  private final String summary;
  private final List<Argument> arguments;
  private final List<Option> options;
  private final List<String> notes;
  private final Action action;

  private Command(
      String name,
      String summary,
      List<Argument> arguments,
      List<Option> options,
      List<String> notes,
      Action action) {
    this.name = name;
    this.summary = summary;
    this.arguments = Collections.unmodifiableList(arguments);
    this.options = Collections.unmodifiableList(options);
    this.notes = Collections.unmodifiableList(notes);
    this.action = action;
  }

  /**
   * One that takes nothing and does nothing yet.
   *
   * @param name one word, or two with a space
   * @param summary half a sentence without a dot
   */
  public static Command of(String name, String summary) {
    List<Option> help = Collections.singletonList(HELP);
    return new Command(name, summary, Collections.emptyList(), help, Collections.emptyList(), null);
  }

  /** The same with a word that has to stand there. */
  public Command takes(String argument, String sentence) {
    return with(new Argument(argument, sentence, Count.ONCE));
  }

  /** The same with a word that may stand there. */
  public Command mayTake(String argument, String sentence) {
    return with(new Argument(argument, sentence, Count.OPTIONAL));
  }

  /** The same with one word or more at the end. */
  public Command takesSeveral(String argument, String sentence) {
    return with(new Argument(argument, sentence, Count.SEVERAL));
  }

  /** The same with any number of words at the end. */
  public Command takesAny(String argument, String sentence) {
    return with(new Argument(argument, sentence, Count.ANY));
  }

  /** The same with an option that takes nothing. */
  public Command option(String option, String sentence) {
    return with(new Option(option, null, sentence, false));
  }

  /** The same with an option that takes a value. */
  public Command option(String option, String value, String sentence) {
    return with(new Option(option, value, sentence, false));
  }

  /** The same with an option that takes a value and may be given again. */
  public Command options(String option, String value, String sentence) {
    return with(new Option(option, value, sentence, true));
  }

  /** The same with one more sentence in its help. */
  public Command note(String sentence) {
    return new Command(name, summary, arguments, options, plus(notes, sentence), action);
  }

  /** The same that does this. */
  public Command does(Action next) {
    return new Command(name, summary, arguments, options, notes, next);
  }

  /**
   * The same that ends after so many seconds with exit status 3, or as many as the caller says.
   * Comes last, behind {@link #does}.
   */
  public Command within(int seconds) {
    return option(
            Patience.OPTION, "SECONDS", "how long to wait for all; " + seconds + " if not said")
        .does(new Patience(name, action, seconds));
  }

  private Command with(Argument argument) {
    return new Command(name, summary, plus(arguments, argument), options, notes, action);
  }

  private Command with(Option option) {
    return new Command(name, summary, arguments, plus(options, option), notes, action);
  }

  private static <T> List<T> plus(List<T> some, T one) {
    List<T> more = new ArrayList<>(some);
    more.add(one);
    return more;
  }

  /** One word, or two with a space. */
  public String name() {
    return name;
  }

  /** Half a sentence. */
  public String summary() {
    return summary;
  }

  List<Argument> arguments() {
    return arguments;
  }

  List<Option> options() {
    return options;
  }

  List<String> notes() {
    return notes;
  }

  /** {@code explain METHOD [--header NAME=VALUE] …}, without help. */
  public String usage() {
    StringBuilder usage = new StringBuilder(name);
    arguments.forEach(each -> usage.append(' ').append(each));
    for (Option each : options) {
      if (each != HELP) {
        usage.append(" [").append(each).append(each.repeated ? "]..." : "]");
      }
    }
    return usage.toString();
  }

  /** Reads what follows the name. */
  Given read(List<String> words) throws Misuse {
    Given given = new Given();
    boolean ended = false;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (ended || !word.startsWith("-") || word.equals("-")) {
        given.word(word);
      } else if (word.equals("--")) {
        ended = true;
      } else {
        int equals = word.indexOf('=');
        Option option = named(equals < 0 ? word : word.substring(0, equals));
        if (option.value == null && equals >= 0) {
          throw new Misuse(option.name + " takes no value.");
        }
        boolean inNext = option.value != null && equals < 0;
        if (inNext && i + 1 == words.size()) {
          throw new Misuse(option.name + " needs a value: " + option + ".");
        }
        given.option(option.name, inNext ? words.get(++i) : word.substring(equals + 1));
      }
    }
    if (!given.has(HELP.name)) {
      check(given.words());
    }
    return given;
  }

  private Option named(String word) throws Misuse {
    for (Option each : options) {
      if (each.name.equals(word) || (each == HELP && word.equals("-h"))) {
        return each;
      }
    }
    List<String> known = options.stream().map(each -> each.name).collect(Collectors.toList());
    List<String> near = NearNames.to(word, known, 1);
    throw new Misuse(
        name
            + " has no option "
            + word
            + (near.isEmpty() ? "." : "; did you mean " + near.get(0) + "?"));
  }

  private void check(List<String> words) throws Misuse {
    long needed = arguments.stream().filter(Argument::isNeeded).count();
    if (words.size() < needed) {
      throw new Misuse(name + " needs " + arguments.get(words.size()) + ".");
    }
    boolean open = arguments.stream().anyMatch(Argument::isRepeated);
    if (!open && words.size() > arguments.size()) {
      throw new Misuse(
          name + " does not know what to do with " + words.get(arguments.size()) + ".");
    }
  }

  int run(Given given, Io io) throws Misuse {
    return action.run(given, io);
  }
}
