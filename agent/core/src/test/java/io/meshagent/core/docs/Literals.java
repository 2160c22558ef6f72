package io.meshagent.core.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads what the agent may say out of its sources: texts, and where they are said. Stateless. */
final class Literals {

  /** Where a line is written: by the log, by what adapters ask to be said, or on System.err. */
  private static final Pattern SAID =
      Pattern.compile(
          "(?:\\bLog\\.(?:warnOnce|warn|info|announce|error)|\\.(?:warn|news)|\\bcomplain"
              + "|System\\.err\\.println)\\s*\\(");

  private Literals() {}

  /** One file. */
  record Source(String name, String text) {

    /** All texts of it, those that are written in parts put together. */
    List<String> literals() {
      return Literals.of(text);
    }

    /** The texts of each place where something is said; a place may have none of its own. */
    List<List<String>> said() {
      List<List<String>> said = new ArrayList<>();
      Matcher place = SAID.matcher(text);
      while (place.find()) {
        String argument = argument(text, place.end() - 1);
        said.add(of(place.group().contains("warnOnce") ? second(argument) : argument));
      }
      return said;
    }
  }

  /** The sources of the jar's three layers, comments left out. */
  static List<Source> sources() {
    return Stream.of("bootstrap", "core", "grpc")
        .map(module -> Pages.ROOT.resolve("agent").resolve(module).resolve("src/main/java"))
        .flatMap(folder -> Pages.below(folder, ".java").stream())
        .map(Literals::read)
        .toList();
  }

  private static Source read(Path file) {
    return new Source(
        file.getFileName().toString().replace(".java", ""), withoutComments(Pages.text(file)));
  }

  private static String withoutComments(String code) {
    StringBuilder rest = new StringBuilder(code.length());
    for (int i = 0; i < code.length(); i++) {
      char c = code.charAt(i);
      if (c == '"' || c == '\'') {
        int close = closing(code, i);
        rest.append(code, i, close + 1);
        i = close;
      } else if (code.startsWith("//", i)) {
        i = code.indexOf('\n', i) - 1;
      } else if (code.startsWith("/*", i)) {
        i = code.indexOf("*/", i) + 1;
      } else {
        rest.append(c);
      }
    }
    return rest.toString();
  }

  private static List<String> of(String code) {
    List<String> literals = new ArrayList<>();
    int end = -1;
    for (int i = 0; i < code.length(); i++) {
      if (code.charAt(i) == '\'') {
        i = closing(code, i);
      } else if (code.charAt(i) == '"') {
        int close = closing(code, i);
        String literal = code.substring(i + 1, close).replace("\\\"", "\"");
        if (end >= 0 && code.substring(end, i).matches("\\s*\\+\\s*")) {
          literals.set(literals.size() - 1, literals.get(literals.size() - 1) + literal);
        } else {
          literals.add(literal);
        }
        end = close + 1;
        i = close;
      }
    }
    return literals;
  }

  /** Where the quote that stands at {@code open} is closed. */
  private static int closing(String code, int open) {
    int i = open + 1;
    while (code.charAt(i) != code.charAt(open)) {
      i += code.charAt(i) == '\\' ? 2 : 1;
    }
    return i;
  }

  /** What stands in the brackets that open there. */
  private static String argument(String code, int open) {
    int depth = 0;
    for (int i = open; i < code.length(); i++) {
      char c = code.charAt(i);
      if (c == '"' || c == '\'') {
        i = closing(code, i);
      } else if (c == '(') {
        depth++;
      } else if (c == ')' && --depth == 0) {
        return code.substring(open + 1, i);
      }
    }
    throw new IllegalStateException("brackets that nobody closes: " + code.substring(open));
  }

  /** Behind the first comma that is in no brackets: the key of what is said once is for nobody. */
  private static String second(String arguments) {
    int depth = 0;
    for (int i = 0; i < arguments.length(); i++) {
      char c = arguments.charAt(i);
      if (c == '"' || c == '\'') {
        i = closing(arguments, i);
      } else if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
      } else if (c == ',' && depth == 0) {
        return arguments.substring(i + 1);
      }
    }
    return arguments;
  }
}
