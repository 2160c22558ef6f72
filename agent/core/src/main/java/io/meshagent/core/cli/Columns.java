package io.meshagent.core.cli;

import io.meshagent.core.log.Printable;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table for a terminal: as wide as its words are. For one thread. */
final class Columns {

  private final List<String[]> rows = new ArrayList<>();

  /**
   * @param headings of the columns
   */
  Columns(String... headings) {
    rows.add(headings.clone());
  }

  /** One more row, with a text for each column; null shows nothing. */
  void add(Object... cells) {
    rows.add(
        Arrays.stream(cells)
            .map(each -> each == null ? "" : Printable.of(String.valueOf(each)))
            .toArray(String[]::new));
  }

  void print(String indent, PrintStream out) {
    int[] widths = new int[rows.get(0).length];
    for (String[] row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder(indent);
      for (int i = 0; i < widths.length; i++) {
        line.append(row[i]);
        for (int pad = row[i].length(); pad < widths[i] + 2; pad++) {
          line.append(' ');
        }
      }
      out.println(line.toString().replaceAll(" +$", ""));
    }
  }
}
