package io.meshagent.core.cli.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No command hangs. */
@Timeout(60)
class PatienceTest {

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(Command.Action action, String... words) {
    Command command = Command.of("ask", "ask somebody").takesAny("WORD", "to say");
    CommandTable table =
        new CommandTable(List.of(command.does(action).within(60)), Collections.emptyMap());
    PrintStream said = new PrintStream(err, true, StandardCharsets.UTF_8);
    return table.run(List.of(words), new Io(new ByteArrayInputStream(new byte[0]), said, said));
  }

  @Test
  void what_is_done_in_time_has_its_own_exit_status() {
    assertThat(run((given, io) -> 7, "ask", "--within", "5")).isEqualTo(7);
    assertThat(run((given, io) -> 7, "ask", "-")).isEqualTo(7);
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void what_is_not_ends_with_a_sentence() {
    CountDownLatch never = new CountDownLatch(1);

    int status =
        run(
            (given, io) -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                // As a library may do it, which goes on.
              }
              return 0;
            },
            "ask",
            "--within=1");

    assertThat(status).isEqualTo(3);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("mesh-agent: ask was not done within 1 s and has ended");
  }

  @Test
  void what_goes_wrong_is_told_as_without() {
    assertThat(
            run(
                (given, io) -> {
                  throw new Misuse("that is no word.");
                },
                "ask"))
        .isEqualTo(2);
    assertThat(run((given, io) -> 0, "ask", "--within", "0")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("mesh-agent: that is no word.", "--within takes seconds, 1 to 9999, and not 0.");
    assertThatThrownBy(
            () ->
                run(
                    (given, io) -> {
                      throw new IllegalStateException("broken");
                    },
                    "ask"))
        .hasMessage("broken");
  }
}
