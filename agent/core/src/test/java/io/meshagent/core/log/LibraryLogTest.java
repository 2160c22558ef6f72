package io.meshagent.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class LibraryLogTest {

  @AfterEach
  void quiet() {
    Log.setLevel(Log.Level.WARN);
  }

  @Test
  void has_one_logger_for_each_name() {
    Logger logger = Slf4jLoggers.getLogger("io.netty.something");

    assertThat(logger).isInstanceOf(LibraryLogger.class);
    assertThat(logger.getName()).isEqualTo("io.netty.something");
    assertThat(Slf4jLoggers.getLogger("io.netty.something")).isSameAs(logger);
  }

  @Test
  void is_on_at_debug_level_only_and_never_for_debug_of_libraries() {
    Logger logger = Slf4jLoggers.getLogger("io.netty.something");

    Log.setLevel(Log.Level.INFO);
    assertThat(logger.isErrorEnabled()).isFalse();
    Log.setLevel(Log.Level.DEBUG);
    assertThat(logger.isErrorEnabled()).isTrue();
    assertThat(logger.isInfoEnabled()).isTrue();
    assertThat(logger.isDebugEnabled()).isFalse();
    assertThat(logger.isTraceEnabled()).isFalse();
  }

  @Test
  void leaves_nothing_on_the_error_stream_by_default() throws Exception {
    assertThat(errorsOfAProgramAt("WARN")).isEmpty();
  }

  @Test
  void prefixes_lines_with_the_librarys_logger_at_debug_level() throws Exception {
    String errors = errorsOfAProgramAt("DEBUG");

    assertThat(errors)
        .contains("[mesh-agent] debug: a.library: lost 3 of 5")
        .contains("IllegalStateException: the cause")
        .contains("[mesh-agent] debug: another.library: lost 4 of 5");
    assertThat(errors.lines().filter(line -> line.contains("[mesh-agent]"))).hasSize(2);
  }

  /** The log writes to the process' error stream itself, so only another process can tell. */
  private static String errorsOfAProgramAt(String level) throws IOException, InterruptedException {
    String java =
        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
    Process process =
        new ProcessBuilder(
                List.of(
                    java,
                    "-cp",
                    System.getProperty("java.class.path"),
                    Program.class.getName(),
                    level))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(errors).isZero();
    return errors;
  }

  static final class Program {

    private Program() {}

    public static void main(String[] args) {
      Log.setLevel(Log.Level.valueOf(args[0]));
      Logger logger = Slf4jLoggers.getLogger("a.library");
      logger.error("lost {} of {}", 3, 5, new IllegalStateException("the cause"));
      logger.debug("never said");
      JulLogger.getLogger("another.library")
          .log(java.util.logging.Level.SEVERE, "lost {0} of {1}", new Object[] {4, 5});
    }
  }
}
