package io.meshagent.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LogWriterTest {

  /** A pipe that nobody reads, until somebody does. */
  private static final class Pipe extends OutputStream {
    private final CountDownLatch read = new CountDownLatch(1);
    private final ByteArrayOutputStream through = new ByteArrayOutputStream();

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      try {
        read.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      through.write(bytes, from, count);
    }
  }

  private final Pipe pipe = new Pipe();
  private final LogWriter writer = new LogWriter(pipe, Thread::new);

  @Test
  void a_pipe_that_nobody_reads_holds_nobody_up_and_what_was_dropped_is_counted() {
    for (int i = 0; i < 3_000; i++) {
      writer.write("line " + i + "\n");
    }
    assertThat(writer.flush(1)).isFalse();

    pipe.read.countDown();
    assertThat(writer.flush(60_000)).isTrue();

    String[] lines = pipe.through.toString(StandardCharsets.UTF_8).split("\n");
    // One is in the pipe and a thousand wait; of the rest and of the flush nothing came through.
    assertThat(lines).contains("line 0", "line 1000").doesNotContain("line 1001");
    writer.write("after\n");
    assertThat(writer.flush(60_000)).isTrue();
    assertThat(pipe.through.toString(StandardCharsets.UTF_8))
        .contains("lines of the log were dropped before this one");
  }

  @Test
  void without_a_thread_the_program_goes_on_and_the_next_line_tells() {
    LogWriter poor =
        new LogWriter(
            pipe,
            task -> {
              throw new OutOfMemoryError("unable to create native thread");
            });
    poor.write("lost\n");
    poor.useThreads(Thread::new);
    pipe.read.countDown();
    poor.write("kept\n");
    assertThat(poor.flush(60_000)).isTrue();
    assertThat(pipe.through.toString(StandardCharsets.UTF_8))
        .isEqualToNormalizingNewlines(
            "[mesh-agent] 1 lines of the log were dropped before this one\nkept\n");
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of("plain äöü 漢字", "plain äöü 漢字"),
        Arguments.of("two\nlines", "two lines"),
        Arguments.of("back\rover", "back\\u000dover"),
        Arguments.of("red\u001b[31m", "red\\u001b[31m"),
        Arguments.of("c1\u009b31m", "c1\\u009b31m"),
        Arguments.of("right\u202eto left", "right\\u202eto left"),
        Arguments.of("isolate\u2066x", "isolate\\u2066x"),
        Arguments.of("separator\u2028x", "separator\\u2028x"),
        Arguments.of("del\u007fx", "del\\u007fx"),
        Arguments.of("zero\u0000x", "zero\\u0000x"));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void what_others_write_cannot_leave_its_line(String text, String printed) {
    assertThat(Printable.of(text)).isEqualTo(printed);
  }

  @Test
  void a_text_of_several_lines_keeps_them_and_nothing_else_that_a_terminal_obeys() {
    assertThat(Printable.lines("a=1\r\n\tb\rc\u001b[31m\n\nd"))
        .isEqualTo("a=1\n\tb\nc\\u001b[31m\n\nd\n");
    assertThat(Printable.lines("a\n")).isEqualTo("a\n");
  }
}
