package io.meshagent.core.cli.table;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes what a shell sources to complete the words of a table's commands. Stateless. */
public final class Completion {

  private Completion() {}

  /**
   * For bash: a function that knows the table, and {@code mesh-agent} as a short name of the jar
   * where there is no such command.
   *
   * @param jar its path
   * @param words what else completes the arguments of that name, by their names
   */
  public static String bash(CommandTable table, String jar, Map<String, List<String>> words) {
    StringBuilder script = new StringBuilder();
    line(script, "# For bash: source <(java -jar mesh-agent.jar completion bash)");
    line(script, "type mesh-agent > /dev/null 2>&1 ||");
    line(script, "  mesh-agent() { java -jar " + quoted(jar) + " \"$@\"; }");
    line(script, "_mesh_agent() {");
    line(script, "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}");
    line(script, "  local path= i word words= files=");
    line(script, "  for ((i = 1; i < COMP_CWORD; i++)); do");
    line(script, "    word=${COMP_WORDS[i]}");
    line(script, "    case \"${path:+$path }$word\" in");
    line(script, "      " + paths(table) + ") path=\"${path:+$path }$word\" ;;");
    line(script, "    esac");
    line(script, "  done");
    line(script, "  case \"$path\" in");
    row(script, "", table.following(""), false);
    Set<String> firsts = new LinkedHashSet<>();
    for (Command command : table.all()) {
      int space = command.name().indexOf(' ');
      if (space > 0 && firsts.add(command.name().substring(0, space))) {
        String first = command.name().substring(0, space);
        row(script, first, table.following(first), false);
      }
      List<String> next = new ArrayList<>();
      boolean file = false;
      for (Argument argument : command.arguments()) {
        file |= argument.isFile();
        next.addAll(words.getOrDefault(argument.name, Collections.emptyList()));
      }
      command.options().forEach(option -> next.add(option.name));
      row(script, command.name(), next, file);
    }
    line(script, "  esac");
    line(script, "  case \"$prev\" in");
    line(script, "    " + valued(table) + ") words= files= ;;");
    line(script, "  esac");
    line(script, "  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))");
    line(script, "  [ -z \"$files\" ] || COMPREPLY+=($(compgen -f -- \"$cur\"))");
    line(script, "  case \"${COMPREPLY[*]}\" in *=) compopt -o nospace 2> /dev/null ;; esac");
    line(script, "}");
    line(script, "complete -F _mesh_agent mesh-agent");
    return script.toString();
  }

  /** For zsh, which takes the same by its own {@code bashcompinit}; the parameters as above. */
  public static String zsh(CommandTable table, String jar, Map<String, List<String>> words) {
    return "# For zsh: source <(java -jar mesh-agent.jar completion zsh)\n"
        + "autoload -U +X compinit && compinit\n"
        + "autoload -U +X bashcompinit && bashcompinit\n"
        + bash(table, jar, words);
  }

  private static void line(StringBuilder script, String line) {
    script.append(line).append('\n');
  }

  private static void row(StringBuilder script, String path, Iterable<String> words, boolean file) {
    line(
        script,
        "    \""
            + path
            + "\") words=\""
            + String.join(" ", words)
            + "\""
            + (file ? " files=1" : "")
            + " ;;");
  }

  /** Each command, and each first half of one. */
  private static String paths(CommandTable table) {
    Set<String> paths = new LinkedHashSet<>();
    for (Command command : table.all()) {
      int space = command.name().indexOf(' ');
      if (space > 0) {
        paths.add('"' + command.name().substring(0, space) + '"');
      }
      paths.add('"' + command.name() + '"');
    }
    return String.join("|", paths);
  }

  /** Options after which a value stands. */
  private static String valued(CommandTable table) {
    Set<String> names = new LinkedHashSet<>();
    for (Command command : table.all()) {
      for (Option option : command.options()) {
        if (option.value != null) {
          names.add(option.name);
        }
      }
    }
    return String.join("|", names);
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
