package io.meshagent.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

  @AfterEach
  void forgetTheInterrupt() {
    boolean unused = Thread.interrupted();
  }

  @Test
  void holds_the_part_after_the_original_was_cut() throws IOException {
    UnnamedFile copy = UnnamedFile.copyOf(original, 1_000, 150_000);
    original.setLength(0);
    byte[] read = new byte[150_000];
    copy.read(0, read);
    assertThat(read).isEqualTo(Arrays.copyOfRange(bytes, 1_000, 151_000));
    byte[] few = new byte[10];
    copy.read(100, few);
    assertThat(few).isEqualTo(Arrays.copyOfRange(bytes, 1_100, 1_110));
    assertThat(copy.length()).isEqualTo(150_000);
    assertThatThrownBy(() -> copy.read(149_999, new byte[2])).isInstanceOf(EOFException.class);
    copy.close();
  }

  @Test
  void has_no_name() throws IOException {
    UnnamedFile copy = UnnamedFile.copyOf(original, 0, 10);
    assertThat(copy.length()).isEqualTo(10);
    assertThat(place.toFile().list()).isEmpty();
    copy.close();
  }

  @Test
  void is_made_and_read_by_a_thread_that_was_interrupted() throws IOException {
    Thread.currentThread().interrupt();
    UnnamedFile copy = UnnamedFile.copyOf(original, 0, bytes.length);
    byte[] read = new byte[bytes.length];
    for (int i = 0; i < 2; i++) {
      copy.read(0, read);
      assertThat(read).isEqualTo(bytes);
    }
    assertThat(Thread.currentThread().isInterrupted()).as("and is still").isTrue();
    copy.close();
  }

  @Test
  void is_its_owners_alone() throws IOException {
    UnnamedFile copy = UnnamedFile.copyOf(original, 0, 10);
    Path open = openFileIn(place);
    assertThat(Files.getPosixFilePermissions(open))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    copy.close();
    assertThat(open).doesNotExist();
  }

  /** What this JVM has open of a directory, whether it has a name there or not. */
  private static Path openFileIn(Path directory) throws IOException {
    List<Path> open = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path each : all) {
        if (Files.isSymbolicLink(each)
            && Files.readSymbolicLink(each).startsWith(directory.toRealPath())) {
          open.add(each);
        }
      }
    }
    assertThat(open).hasSize(1);
    return open.get(0);
  }

  @Test
  void what_somebody_put_under_its_name_is_never_opened() throws IOException {
    Path victim = Files.writeString(place.resolve("victim"), "as it was");
    Path file = Files.writeString(place.resolve("file"), "as it was");
    Path link = Files.createSymbolicLink(place.resolve("link"), victim);
    Path dangling = Files.createSymbolicLink(place.resolve("dangling"), place.resolve("missing"));
    for (Path taken : List.of(file, link, dangling)) {
      assertThatThrownBy(() -> UnnamedFile.open(taken))
          .isInstanceOf(FileAlreadyExistsException.class);
      assertThat(Files.exists(taken, LinkOption.NOFOLLOW_LINKS)).isTrue();
    }
    assertThat(file).hasContent("as it was");
    assertThat(victim).hasContent("as it was");
    assertThat(place.resolve("missing")).doesNotExist();
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
