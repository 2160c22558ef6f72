package io.meshagent.core.directory;

import java.io.IOException;
import java.io.Reader;

/**
 * The lines of a text, of which none may be longer than what can be right. Confined to a thread.
 */
final class BoundedLines {

  private final Reader text;
  private final int longest;
  private final StringBuilder line = new StringBuilder();

  /**
   * @param text buffered
   * @param longest in characters
   */
  BoundedLines(Reader text, int longest) {
    this.text = text;
    this.longest = longest;
  }

  /** Without its end; null if there is none. */
  String next() throws IOException, SnapshotFile.Unusable {
    line.setLength(0);
    for (int c = text.read(); c != '\n'; c = text.read()) {
      if (c < 0) {
        return line.length() == 0 ? null : line.toString();
      }
      if (line.length() == longest) {
        throw new SnapshotFile.Unusable("it is damaged: a line has no end");
      }
      line.append((char) c);
    }
    return line.toString();
  }
}
