package io.meshagent.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnnamedFileTest {

  private static final String PLACE = "java.io.tmpdir";

  private final String placeBefore = System.getProperty(PLACE);
  private final byte[] bytes = new byte[200_000];

  @TempDir private Path originals;
  @TempDir private Path place;
  private RandomAccessFile original;

  @BeforeEach
  void write() throws IOException {
    new Random(1).nextBytes(bytes);
    original = new RandomAccessFile(originals.resolve("original").toFile(), "rw");
    original.write(bytes);
    System.setProperty(PLACE, place.toString());
  }

  @AfterEach
  void close() throws IOException {
    System.setProperty(PLACE, placeBefore);
    original.close();
  }

  @Test
  void holds_the_part_after_the_original_was_cut() throws IOException {
    try (RandomAccessFile copy = UnnamedFile.copyOf(original, 1_000, 150_000)) {
      original.setLength(0);
      byte[] read = new byte[150_000];
      copy.seek(0);
      copy.readFully(read);
      assertThat(read).isEqualTo(Arrays.copyOfRange(bytes, 1_000, 151_000));
      assertThat(copy.length()).isEqualTo(150_000);
    }
  }

  @Test
  void has_no_name() throws IOException {
    try (RandomAccessFile copy = UnnamedFile.copyOf(original, 0, 10)) {
      assertThat(copy.length()).isEqualTo(10);
      assertThat(place.toFile().list()).isEmpty();
    }
  }

  @Test
  void is_not_made_where_there_is_no_place() throws IOException {
    System.setProperty(PLACE, place.resolve("missing").toString());
    assertThat(UnnamedFile.copyOf(original, 0, 10)).isNull();
    System.setProperty(PLACE, Files.createFile(place.resolve("file")).toString());
    assertThat(UnnamedFile.copyOf(original, 0, 10)).isNull();
    System.clearProperty(PLACE);
    assertThat(UnnamedFile.copyOf(original, 0, 10)).isNull();
  }

  @Test
  void is_not_made_of_what_is_cut_short_and_leaves_nothing() {
    assertThat(UnnamedFile.copyOf(original, 0, bytes.length + 1)).isNull();
    assertThat(new File(place.toString()).list()).isEmpty();
  }
}
