package io.meshagent.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatingFileTest {

  @TempDir private Path folder;

  private final ByteArrayOutputStream instead = new ByteArrayOutputStream();
  private long now;

  private RotatingFile file(Path path, int bytes, int files) {
    return new RotatingFile("log.file", path.toFile(), bytes, files, instead, () -> now);
  }

  private static void write(RotatingFile file, String line) throws IOException {
    file.write(line.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void begins_anew_when_it_is_full_and_keeps_so_many() throws IOException {
    Path path = folder.resolve("sub/agent.log");
    RotatingFile file = file(path, 20, 3);
    for (int i = 0; i < 9; i++) {
      write(file, "line " + i + " ....\n");
    }
    file.close();

    assertThat(path).hasContent("line 8 ....");
    assertThat(path.resolveSibling("agent.log.1")).hasContent("line 7 ....");
    assertThat(path.resolveSibling("agent.log.2")).hasContent("line 6 ....");
    try (Stream<Path> all = Files.list(path.getParent())) {
      assertThat(all).hasSize(3);
    }
    assertThat(instead.size()).isZero();
  }

  @Test
  void a_file_that_somebody_moves_away_or_removes_begins_anew() throws IOException {
    Path path = folder.resolve("agent.log");
    RotatingFile file = file(path, 1_000, 3);
    write(file, "one\n");
    file.flush();
    Path unused = Files.move(path, folder.resolve("agent.log-20261129"));
    now += TimeUnit.SECONDS.toNanos(2);
    write(file, "two\n");
    file.flush();
    write(file, "three\n");
    file.flush();
    assertThat(path).hasContent("three");

    Files.delete(path);
    write(file, "x".repeat(990) + "\n");
    write(file, "four and a limit\n");
    file.close();
    assertThat(path).hasContent("four and a limit");
  }

  @Test
  void what_could_not_be_written_is_not_lost() throws IOException {
    RotatingFile file = file(Path.of("/dev/full"), 1_000, 1);
    write(file, "one\n");
    file.flush();
    assertThat(instead.toString(StandardCharsets.UTF_8))
        .contains("can't be written")
        .endsWith("one\n");
  }

  @Test
  void one_file_is_enough_for_who_says_so() throws IOException {
    Path path = folder.resolve("agent.log");
    RotatingFile file = file(path, 20, 1);
    write(file, "the first line\n");
    write(file, "the second line\n");
    file.close();

    assertThat(path).hasContent("the second line");
    try (Stream<Path> all = Files.list(folder)) {
      assertThat(all).hasSize(1);
    }
  }

  @Test
  void goes_on_with_what_an_earlier_run_has_left() throws IOException {
    Path path = folder.resolve("agent.log");
    Files.writeString(path, "before\n");
    RotatingFile file = file(path, 1_000, 3);
    write(file, "after\n");
    file.close();
    write(file, "and again\n");
    file.close();

    assertThat(path).hasContent("before\nafter\nand again\n");
  }

  @Test
  void a_line_longer_than_a_file_is_written_whole() throws IOException {
    Path path = folder.resolve("agent.log");
    RotatingFile file = file(path, 20, 2);
    String line = "x".repeat(40_000) + "\n";
    write(file, "short\n");
    write(file, line);
    file.close();

    assertThat(path).hasContent(line);
    assertThat(path.resolveSibling("agent.log.1")).hasContent("short");
  }

  @Test
  void what_cannot_be_written_goes_to_the_error_stream_and_the_file_is_tried_again()
      throws IOException {
    Path path = folder.resolve("agent.log");
    Files.createDirectory(path);
    RotatingFile file = file(path, 1_000, 2);
    write(file, "one\n");
    write(file, "two\n");
    now = TimeUnit.SECONDS.toNanos(11);
    write(file, "three\n");
    assertThat(instead.toString(StandardCharsets.UTF_8).lines())
        .satisfiesExactly(
            said ->
                assertThat(said)
                    .contains("log.file=" + path, "can't be written", "tried again every 10 s"),
            line -> assertThat(line).isEqualTo("one"),
            line -> assertThat(line).isEqualTo("two"),
            line -> assertThat(line).isEqualTo("three"));

    Files.delete(path);
    write(file, "four\n");
    assertThat(instead.toString(StandardCharsets.UTF_8)).contains("four");
    now = TimeUnit.SECONDS.toNanos(22);
    write(file, "five\n");
    file.flush();
    assertThat(path).hasContent("five");
  }

  @Test
  void a_full_disk_is_told_once_and_again_when_it_was_well_for_a_minute() throws IOException {
    List<String> told = new ArrayList<>();
    Path path = folder.resolve("agent.log");
    Path unused = Files.createSymbolicLink(path, Path.of("/dev/full"));
    RotatingFile file =
        new RotatingFile("access-log.file", path.toFile(), 1_000, 2, instead, () -> now, told::add);
    for (int i = 0; i < 5; i++) {
      now += TimeUnit.SECONDS.toNanos(11);
      write(file, "line " + i + "\n");
      file.flush();
    }
    assertThat(told).hasSize(1);
    assertThat(told.get(0)).startsWith("access-log.file=" + path + " can't be written (");
    assertThat(instead.toString(StandardCharsets.UTF_8))
        .isEqualTo("line 0\nline 1\nline 2\nline 3\nline 4\n");

    Files.delete(path);
    for (int i = 0; i < 3; i++) {
      now += TimeUnit.SECONDS.toNanos(40);
      write(file, "well\n");
      file.flush();
    }
    assertThat(path).hasContent("well\nwell\nwell\n");
    file.close();
    Files.delete(path);
    unused = Files.createSymbolicLink(path, Path.of("/dev/full"));
    write(file, "full\n");
    file.flush();
    assertThat(told).hasSize(2);
  }

  @Test
  void a_symbolic_link_is_written_through_and_it_is_told_once_that_it_does_not_begin_anew()
      throws IOException {
    List<String> told = new ArrayList<>();
    Path real = folder.resolve("real.log");
    Files.writeString(real, "");
    Path link = Files.createSymbolicLink(folder.resolve("agent.log"), real);
    RotatingFile file =
        new RotatingFile("log.file", link.toFile(), 20, 2, instead, () -> now, told::add);
    for (int i = 0; i < 6; i++) {
      write(file, "line " + i + " ....\n");
    }
    file.close();

    assertThat(Files.readAllLines(real)).hasSize(6);
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(told).singleElement().asString().contains("is a symbolic link", "not begun anew");
    assertThat(instead.size()).isZero();
  }
}
