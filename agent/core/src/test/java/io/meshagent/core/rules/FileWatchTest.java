package io.meshagent.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.run.ManualLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {

  @TempDir private Path folder;
  private final ManualLoop loop = new ManualLoop();
  private final AtomicInteger changes = new AtomicInteger();
  private Path file;

  @BeforeEach
  void begin() throws IOException {
    file = Files.writeString(folder.resolve("a.properties"), "one");
    new FileWatch(loop, file, changes::incrementAndGet).start();
  }

  @Test
  void tells_of_a_change_once_it_has_stayed_for_a_second() throws IOException {
    loop.passSeconds(5);
    assertThat(changes).hasValue(0);

    Path unused = Files.writeString(file, "longer");
    loop.passSeconds(1);
    Path unusedToo = Files.writeString(file, "longer still");
    loop.passSeconds(1);
    assertThat(changes).as("it was being written").hasValue(0);
    loop.passSeconds(5);
    assertThat(changes).hasValue(1);
  }

  @Test
  void a_file_that_takes_its_place_is_a_change_and_one_that_is_away_is_none() throws IOException {
    Path next = Files.writeString(folder.resolve("b"), "two");
    Files.delete(file);
    loop.passSeconds(5);
    assertThat(changes).hasValue(0);

    Path unused = Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    loop.passSeconds(5);
    assertThat(changes).hasValue(1);
  }

  @Test
  void a_link_that_leads_elsewhere_is_a_change() throws IOException {
    Path other = Files.writeString(folder.resolve("b"), "two");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    new FileWatch(loop, link, changes::incrementAndGet).start();
    Files.delete(link);
    Path unused = Files.createSymbolicLink(link, other);
    loop.passSeconds(3);
    assertThat(changes).hasValue(1);
  }
}
