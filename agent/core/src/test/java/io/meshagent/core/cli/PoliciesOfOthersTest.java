package io.meshagent.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.config.TestSettings;
import io.meshagent.core.registry.etcd.EtcdProcess;
import io.meshagent.core.rules.MemberReport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others wrote into etcd is shown, and a terminal obeys none of it. */
class PoliciesOfOthersTest {

  private static final String NAME = "a\u001b[31m\r\nb";

  @TempDir private Path folder;

  private static String run(int port, String... args) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int unused =
        new PoliciesCommand(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(bytes, true, StandardCharsets.UTF_8),
                TestSettings.loadText("a", "etcd.endpoints=http://127.0.0.1:" + port))
            .run(List.of(args));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void names_and_texts_are_printable() throws Exception {
    try (EtcdProcess etcd = new EtcdProcess(folder.resolve("data")).start()) {
      String text = "# \u001b]0;title\u0007\r\nfaults=off\n";
      assertThat(etcd.ctl("put", "/mesh/policies/" + NAME, text)).contains("OK");

      assertThat(run(etcd.port(), "list"))
          .startsWith("a\\u001b[31m\\u000d b (revision ")
          .hasLineCount(1);
      assertThat(run(etcd.port(), "show", NAME))
          .isEqualTo("# \\u001b]0;title\\u0007\nfaults=off\n");
      assertThat(run(etcd.port(), "show", NAME + "c"))
          .startsWith("There is no document a\\u001b[31m")
          .hasLineCount(1);
    }
  }

  @Test
  void so_is_what_programs_say() {
    String report = "{\"app\":\"x\\u009by\",\"documents\":[]}";
    assertThat(MemberReport.of("i\u001bd", report, "a").program())
        .isEqualTo("x\\u009by ? (i\\u001bd)");
  }
}
