package io.meshagent.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFilesTest {

  @TempDir private Path folder;

  private static String problem(Object log, Object calls) {
    return LogFiles.problem(
        TestSettings.loadText("a", "log.file=" + log + "\naccess-log.file=" + calls));
  }

  @Test
  void one_file_for_both_is_told_however_it_is_written() throws IOException {
    Path log = folder.resolve("agent.log");

    assertThat(problem(log, folder.resolve("calls.log"))).isNull();
    assertThat(problem("", "")).isNull();
    assertThat(problem(log, folder + "/./agent.log"))
        .startsWith("access-log.file and log.file are the same file");
    Files.writeString(log, "");
    Path link = Files.createSymbolicLink(folder.resolve("calls.log"), log);
    assertThat(problem(log, link)).isNotNull();
  }

  @Test
  void two_may_share_a_device() {
    assertThat(problem("/dev/stderr", "/dev/stdout")).isNull();
  }
}
