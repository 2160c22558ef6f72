package io.meshagent.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileTrustTest {

  @TempDir private Path dir;

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      delimiter = '|',
      value = {
        "1000 | 1000 | 644 | none",
        "1000 | 1000 | 664 | none",
        "1000 | 50   | 664 | other users may write to it",
        "1000 | 1000 | 646 | other users may write to it",
        "0    | 0    | 644 | none",
        "0    | 0    | 1777 | other users may write to it",
        "900  | 900  | 600 | none",
        "1001 | 1001 | 644 | it belongs to another user (number 1001)"
      })
  void who_may_have_written_it(int uid, int gid, String mode, String problem) {
    assertThat(FileTrust.problem("it", uid, gid, Integer.parseInt(mode, 8), 1000, 900))
        .isEqualTo(problem);
  }

  @Test
  void a_file_of_ours_in_a_folder_of_ours_is_believed() throws IOException {
    Path file = Files.writeString(dir.resolve("mesh-agent.properties"), "app.name=a");
    assertThat(FileTrust.problem(file, null)).isNull();
  }

  @Test
  void a_folder_that_all_may_write_to_is_not_believed_nor_what_it_links_to() throws IOException {
    Path open = Files.createDirectory(dir.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path file = Files.writeString(open.resolve("mesh-agent.properties"), "app.name=a");
    assertThat(FileTrust.problem(file, null))
        .isEqualTo("other users may write to its folder " + open.toRealPath());
    Path link = Files.createSymbolicLink(dir.resolve("link.properties"), file);
    assertThat(FileTrust.problem(link, null)).contains("other users may write to its folder");
    Path back = Files.writeString(dir.resolve("real.properties"), "app.name=a");
    Path planted = Files.createSymbolicLink(open.resolve("planted.properties"), back);
    assertThat(FileTrust.problem(planted, null)).contains("other users may write to its folder");
  }
}
