package io.meshagent.it.tools.ring;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Adds up what all test JVMs of a build wrote down: prints how many tests ran and which took
 * longest, and writes a table of where the time went. Run by the build after the last test.
 */
public final class RingReport {

  private static final int LONGEST = 8;

  /** One line of {@link ClassCost}. */
  private record Row(
      String name, double seconds, int tests, int failures, String started, String where) {
    static Row of(String line) {
      String[] parts = line.split("\t", -1);
      return new Row(
          parts[0].substring(parts[0].lastIndexOf('.') + 1),
          Double.parseDouble(parts[1]),
          Integer.parseInt(parts[2]),
          Integer.parseInt(parts[3]),
          parts[4],
          parts[5]);
    }
  }

  private RingReport() {}

  /**
   * Prints, writes, and fails on nothing: the tests' own results do that.
   *
   * @param args the directory with the records, the report, the name of the ring
   */
  public static void main(String[] args) throws IOException {
    List<Row> rows = new ArrayList<>();
    Path records = Path.of(args[0]);
    if (Files.isDirectory(records)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(records, "*.tsv")) {
        for (Path file : files) {
          Files.readAllLines(file).forEach(line -> rows.add(Row.of(line)));
        }
      }
    }
    rows.sort(Comparator.comparingDouble(Row::seconds).reversed());
    Path report = Path.of(args[1]).toAbsolutePath().normalize();
    Files.createDirectories(report.getParent());
    Files.writeString(report, table(args[2], rows));
    System.out.println("== " + summary(args[2], rows));
    System.out.println(
        "   Longest: "
            + rows.stream()
                .limit(LONGEST)
                .map(row -> row.name() + " " + seconds(row.seconds()))
                .collect(Collectors.joining(", ")));
    System.out.println(
        "   Where the time went, class by class: "
            + Path.of("").toAbsolutePath().relativize(report));
  }

  private static String summary(String ring, List<Row> rows) {
    return String.format(
        Locale.ROOT,
        "The %s ring: %,d tests in %d classes, %d failed; %s of tests, side by side where they may be.",
        ring,
        rows.stream().mapToInt(Row::tests).sum(),
        rows.size(),
        rows.stream().mapToInt(Row::failures).sum(),
        seconds(rows.stream().mapToDouble(Row::seconds).sum()));
  }

  private static String table(String ring, List<Row> rows) {
    StringBuilder text =
        new StringBuilder("# Where the time went\n\n" + summary(ring, rows) + "\n\n");
    text.append("The last column says what the test's thread was seen waiting for, in seconds: ");
    text.append("the harness's method and the line of the test that called it.\n\n");
    text.append("| class | seconds | tests | started | where |\n|---|---|---|---|---|\n");
    for (Row row : rows) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %.1f | %d | %s | %s |%n",
              row.name(),
              row.seconds(),
              row.tests(),
              row.started(),
              row.where()));
    }
    return text.toString();
  }

  private static String seconds(double seconds) {
    return seconds < 100
        ? String.format(Locale.ROOT, "%.0f s", seconds)
        : String.format(Locale.ROOT, "%d min %02d s", (int) seconds / 60, (int) seconds % 60);
  }
}
