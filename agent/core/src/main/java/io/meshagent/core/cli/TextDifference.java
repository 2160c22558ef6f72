package io.meshagent.core.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * The lines in which two texts differ, by the longest common subsequence (Hunt and McIlroy's {@code
 * diff}, in its plain form). Stateless.
 */
final class TextDifference {

  /** Of longer differences each line is told as gone and new. */
  private static final long MOST_CELLS = 4_000_000;

  private TextDifference() {}

  /** Lines of {@code - old} and {@code + new} in order, with {@code " "} before what is in both. */
  static List<String> of(String before, String after) {
    String[] old = lines(before);
    String[] now = lines(after);
    int begin = 0;
    while (begin < old.length && begin < now.length && old[begin].equals(now[begin])) {
      begin++;
    }
    int end = 0;
    while (end < old.length - begin
        && end < now.length - begin
        && old[old.length - 1 - end].equals(now[now.length - 1 - end])) {
      end++;
    }
    List<String> told = new ArrayList<>();
    add("  ", old, 0, begin, told);
    middle(old, begin, old.length - end, now, now.length - end, told);
    add("  ", old, old.length - end, old.length, told);
    return told;
  }

  private static String[] lines(String text) {
    return text.isEmpty() ? new String[0] : text.split("\r\n|\n|\r", 0);
  }

  private static void add(String sign, String[] from, int begin, int end, List<String> told) {
    for (int i = begin; i < end; i++) {
      told.add(sign + from[i]);
    }
  }

  private static void middle(
      String[] old, int begin, int oldEnd, String[] now, int nowEnd, List<String> told) {
    int rows = oldEnd - begin;
    int columns = nowEnd - begin;
    if ((long) rows * columns > MOST_CELLS) {
      add("- ", old, begin, oldEnd, told);
      add("+ ", now, begin, nowEnd, told);
      return;
    }
    int[][] common = new int[rows + 1][columns + 1];
    for (int i = rows - 1; i >= 0; i--) {
      for (int j = columns - 1; j >= 0; j--) {
        common[i][j] =
            old[begin + i].equals(now[begin + j])
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (i < rows || j < columns) {
      if (i < rows && j < columns && old[begin + i].equals(now[begin + j])) {
        told.add("  " + old[begin + i++]);
        j++;
      } else if (j == columns || (i < rows && common[i + 1][j] >= common[i][j + 1])) {
        told.add("- " + old[begin + i++]);
      } else {
        told.add("+ " + now[begin + j++]);
      }
    }
  }
}
