package io.meshagent.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The page of reference says what the table says; with {@code -Dupdate-docs=true} it is written.
 */
class CommandReferenceTest {

  private static final Path PAGE = Path.of("..", "docs", "commands.md");
  private static final String BEGIN = "<!-- made from the table of commands -->\n";

  @Test
  void the_page_says_what_the_table_says() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN);
    assertThat(begin).isPositive();
    String made = page.substring(0, begin) + BEGIN + CommandLine.table().reference();
    if (Boolean.getBoolean("update-docs")) {
      Path unused = Files.writeString(PAGE, made);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(made);
  }
}
