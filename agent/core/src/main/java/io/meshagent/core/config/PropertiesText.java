package io.meshagent.core.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The lines of a properties text with their numbers: {@code key=value} or {@code key: value},
 * comments with {@code #} or {@code !}, a backslash at the end of a line to go on in the next.
 * Unlike {@link java.util.Properties} it knows where each entry stands, and a backslash has no
 * other meaning, so that a path is written as it is.
 */
final class PropertiesText {

  /** One entry. Immutable. */
  static final class Entry {
    final int line;

    /** The line it ends in. */
    final int lastLine;

    final String key;

    /** Null if the line has no separator after its first word. */
    final String value;

    Entry(int line, int lastLine, String key, String value) {
      this.line = line;
      this.lastLine = lastLine;
      this.key = key;
      this.value = value;
    }
  }

  private PropertiesText() {}

  static List<Entry> parse(String text) {
    String[] lines = lines(text);
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < lines.length; i++) {
      int number = i + 1;
      String line = lines[i].trim();
      if (line.isEmpty() || line.startsWith("#") || line.startsWith("!")) {
        continue;
      }
      StringBuilder whole = new StringBuilder();
      while (goesOn(line) && i + 1 < lines.length) {
        whole.append(line, 0, line.length() - 1);
        line = lines[++i].trim();
      }
      whole.append(goesOn(line) ? line.substring(0, line.length() - 1) : line);
      entries.add(entry(number, i + 1, whole.toString()));
    }
    return Collections.unmodifiableList(entries);
  }

  /** As they are counted. */
  static String[] lines(String text) {
    return withoutByteOrderMark(text).split("\r\n|\n|\r", -1);
  }

  private static String withoutByteOrderMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /** Whether the line ends with an odd number of backslashes. */
  private static boolean goesOn(String line) {
    int backslashes = 0;
    while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }

  private static Entry entry(int number, int last, String line) {
    for (int i = 0; i < line.length(); i++) {
      if (line.charAt(i) == '=' || line.charAt(i) == ':') {
        String key = line.substring(0, i).trim();
        String first = firstWord(key);
        return new Entry(
            number, last, first, first.equals(key) ? line.substring(i + 1).trim() : null);
      }
    }
    return new Entry(number, last, firstWord(line), null);
  }

  /** No key has a blank in it, and what stands behind one may be a secret: nobody repeats it. */
  private static String firstWord(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isWhitespace(text.charAt(i))) {
        return text.substring(0, i);
      }
    }
    return text;
  }
}
