package io.meshagent.core.cli.table;

import io.meshagent.core.config.NearNames;
import java.io.PrintStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** All commands, in the order in which help names them. Immutable. */
public final class CommandTable {

  /** The exit status where the words make no sense. */
  public static final int MISUSE = 2;

  private static final String JAR = "java -jar mesh-agent.jar ";
  private static final int COLUMN = 30;

  private final Map<String, Command> byName = new LinkedHashMap<>();

  /** By the word that stands for it where nothing follows. */
  private final Map<String, String> otherwise;

  /**
   * @param otherwise what a first word alone stands for, {@code policies} for {@code policies list}
   */
  public CommandTable(List<Command> commands, Map<String, String> otherwise) {
    commands.forEach(each -> byName.put(each.name(), each));
    this.otherwise = Collections.unmodifiableMap(new LinkedHashMap<>(otherwise));
  }

  /** In order. */
  List<Command> all() {
    return byName.values().stream().collect(Collectors.toList());
  }

  /** Of all, in order. */
  public List<String> names() {
    return byName.keySet().stream().collect(Collectors.toList());
  }

  /** The words that may follow these, which name no command or the first half of one. */
  Set<String> following(String first) {
    Set<String> words = new LinkedHashSet<>();
    for (String name : byName.keySet()) {
      int space = name.indexOf(' ');
      if (first.isEmpty()) {
        words.add(space < 0 ? name : name.substring(0, space));
      } else if (name.startsWith(first + " ")) {
        words.add(name.substring(space + 1));
      }
    }
    return words;
  }

  /** Runs what the words say, and says what is wrong with them. */
  public int run(List<String> words, Io io) {
    String first = words.isEmpty() ? "" : words.get(0);
    if (first.isEmpty()) {
      help(io.err());
      return MISUSE;
    }
    if (isHelp(first)) {
      return helpFor(words.subList(1, words.size()), io);
    }
    if (words.size() == 2 && isHelp(words.get(1)) && group(first, io.out())) {
      return 0;
    }
    Command command = find(words);
    if (command == null) {
      return unknown(words, io);
    }
    int used = command.name().equals(two(words)) ? 2 : 1;
    try {
      Given given = command.read(words.subList(used, words.size()));
      if (given.has(Command.HELP.name)) {
        help(command, io.out());
        return 0;
      }
      return command.run(given, io);
    } catch (Misuse e) {
      io.err().println("usage: " + JAR + command.usage());
      io.err().println("mesh-agent: " + e.getMessage());
      return MISUSE;
    }
  }

  private static boolean isHelp(String word) {
    return word.equals("--help") || word.equals("-h") || word.equals("help");
  }

  /** What the commands do that begin with a word; false if there are none, or it is one itself. */
  private boolean group(String first, PrintStream to) {
    Set<String> second = following(first);
    if (second.isEmpty() || byName.containsKey(first)) {
      return false;
    }
    to.println("usage: " + JAR + first + " " + String.join("|", second));
    to.println();
    to.println("each says more with --help:");
    for (String word : second) {
      Command each = byName.get(first + " " + word);
      row(named(each), each.summary(), to);
    }
    return true;
  }

  private static String two(List<String> words) {
    return words.size() < 2 ? "" : words.get(0) + " " + words.get(1);
  }

  /** Null if there is none. */
  private Command find(List<String> words) {
    Command longer = byName.get(two(words));
    if (longer != null) {
      return longer;
    }
    boolean alone = words.size() == 1 || words.get(1).startsWith("-");
    String instead = alone ? otherwise.get(words.get(0)) : null;
    return byName.get(instead == null ? words.get(0) : instead);
  }

  private int helpFor(List<String> words, Io io) {
    if (words.isEmpty()) {
      help(io.out());
      return 0;
    }
    if (words.size() == 1 && group(words.get(0), io.out())) {
      return 0;
    }
    Command command = find(words);
    if (command == null) {
      return unknown(words, io);
    }
    help(command, io.out());
    return 0;
  }

  private int unknown(List<String> words, Io io) {
    Set<String> second = following(words.get(0));
    if (!second.isEmpty()) {
      io.err().println("usage: " + JAR + words.get(0) + " " + String.join("|", second));
    }
    String said = second.isEmpty() || words.size() < 2 ? words.get(0) : two(words);
    List<String> near = NearNames.to(said, byName.keySet(), 1);
    io.err()
        .println(
            "mesh-agent: there is no command "
                + said
                + (near.isEmpty() ? "." : "; did you mean " + near.get(0) + "?"));
    if (second.isEmpty()) {
      help(io.err());
    }
    return MISUSE;
  }

  private void help(PrintStream to) {
    to.println("usage: java -javaagent:mesh-agent.jar[=FILE] -jar app.jar");
    to.println("       " + JAR + "COMMAND");
    to.println();
    to.println("commands (each says more with --help):");
    byName.values().forEach(each -> row(named(each), each.summary(), to));
    row("help [COMMAND]", "say this, or what a command takes", to);
    to.println();
    to.println("exit status: 0 all is well, 1 something is wrong, 2 wrong use, 3 nobody answered");
  }

  private static String named(Command command) {
    StringBuilder text = new StringBuilder(command.name());
    command.arguments().forEach(each -> text.append(' ').append(each));
    return text.toString();
  }

  private static void row(String left, String right, PrintStream to) {
    String gap =
        left.length() < COLUMN ? "                                ".substring(left.length()) : "  ";
    to.println("  " + left + gap + right);
  }

  private static void help(Command command, PrintStream to) {
    to.println("usage: " + JAR + command.usage());
    to.println();
    to.println(sentence(command.summary()));
    to.println();
    command.arguments().forEach(each -> row(each.name, each.sentence, to));
    command.options().forEach(each -> row(each.toString(), each.sentence, to));
    if (!command.notes().isEmpty()) {
      to.println();
      command.notes().forEach(to::println);
    }
  }

  private static String sentence(String half) {
    return Character.toUpperCase(half.charAt(0)) + half.substring(1) + ".";
  }

  /** The table as a page of reference in Markdown: a heading a command. */
  public String reference() {
    StringBuilder page = new StringBuilder();
    for (Command each : byName.values()) {
      page.append("\n### ").append(each.name()).append("\n\n    ").append(JAR);
      page.append(each.usage()).append("\n\n").append(sentence(each.summary()));
      each.notes().forEach(note -> page.append(' ').append(note));
      page.append("\n\n");
      if (each.arguments().size() + each.options().size() > 1) {
        page.append("| | |\n|---|---|\n");
      }
      each.arguments().forEach(of -> row(page, of.name, of.sentence));
      for (Option of : each.options()) {
        if (of != Command.HELP) {
          row(page, of.toString(), of.sentence);
        }
      }
    }
    return page.toString().replaceAll("\n{3,}", "\n\n");
  }

  private static void row(StringBuilder page, String left, String right) {
    String name = left.replace("|", "\\|");
    page.append("| `").append(name).append("` | ").append(right).append(" |\n");
  }
}
