package io.meshagent.core.log;

import java.util.regex.Pattern;

/** Makes texts of others fit for lines that people read. Stateless. */
public final class Printable {

  private static final Pattern LINE_END = Pattern.compile("\r\n|\n|\r");

  private Printable() {}

  /**
   * The text with everything escaped that would end the line, move a terminal's cursor or turn the
   * direction of reading: control characters, separators of lines, and marks of direction.
   */
  public static String of(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isPrintable(text.charAt(i))) {
        return escaped(text, i);
      }
    }
    return text;
  }

  /** The same of a text of several lines, which stay lines, each with a newline at its end. */
  public static String lines(String text) {
    StringBuilder lines = new StringBuilder(text.length() + 16);
    for (String line : LINE_END.split(text, 0)) {
      lines.append(of(line)).append('\n');
    }
    return lines.toString();
  }

  private static String escaped(String text, int from) {
    StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, from);
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        escaped.append(' ');
      } else if (isPrintable(c)) {
        escaped.append(c);
      } else {
        escaped.append(String.format("\\u%04x", (int) c));
      }
    }
    return escaped.toString();
  }

  private static boolean isPrintable(char c) {
    switch (Character.getType(c)) {
      case Character.CONTROL:
      case Character.FORMAT:
      case Character.LINE_SEPARATOR:
      case Character.PARAGRAPH_SEPARATOR:
        return c == '\t';
      default:
        return true;
    }
  }
}
