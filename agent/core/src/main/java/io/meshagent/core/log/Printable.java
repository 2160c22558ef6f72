package io.meshagent.core.log;

/** Makes texts of others fit for a line that people read. Stateless. */
final class Printable {

  private Printable() {}

  /**
   * The text with everything escaped that would end the line, move a terminal's cursor or turn the
   * direction of reading: control characters, separators of lines, and marks of direction.
   */
  static String of(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isPrintable(text.charAt(i))) {
        return escaped(text, i);
      }
    }
    return text;
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
