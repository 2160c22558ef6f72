package io.meshagent.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JulLoggerTest {

  private static final String JDK_LOGGER = "java/util/logging/Logger";

  @AfterEach
  void quiet() {
    Log.setLevel(Log.Level.WARN);
  }

  @Test
  void has_every_member_of_the_jdks_logger_that_a_library_names() throws IOException {
    Set<String> named = NamedMembers.byLibrariesOf(JDK_LOGGER);

    assertThat(named)
        .as("what the libraries name")
        .contains("getLogger(Ljava/lang/String;)L" + JDK_LOGGER + ";");
    assertThat(NamedMembers.publicMethodsOf(JulLogger.class, JDK_LOGGER)).containsAll(named);
  }

  @Test
  void does_not_name_the_class_it_stands_for() throws IOException {
    assertThat(NamedMembers.classesNamedBy(JulLogger.class)).doesNotContain(JDK_LOGGER);
  }

  @Test
  void says_nothing_unless_the_agent_is_at_debug_level() {
    JulLogger logger = JulLogger.getLogger("a.library");

    assertThat(logger.isLoggable(Level.SEVERE)).isFalse();
    Log.setLevel(Log.Level.DEBUG);
    assertThat(logger.isLoggable(Level.SEVERE)).isTrue();
    assertThat(logger.isLoggable(Level.INFO)).isTrue();
    assertThat(logger.isLoggable(Level.FINE)).isFalse();
    assertThat(logger.isLoggable(Level.OFF)).isFalse();
  }

  @Test
  void survives_what_libraries_pass() {
    Log.setLevel(Log.Level.DEBUG);
    JulLogger logger = JulLogger.getLogger("a.library");

    logger.log(Level.WARNING, null, (Throwable) null);
    logger.log(Level.WARNING, "a {brace} that is no format", new Object[] {1});
    logger.log(Level.WARNING, "{0} of {1}", new Object[] {null});
    LogRecord record = new LogRecord(Level.WARNING, "{0} happened");
    record.setParameters(new Object[] {"it"});
    record.setThrown(new IllegalStateException("shown with its stack trace"));
    logger.log(record);

    assertThat(logger.getName()).isEqualTo("a.library");
  }
}
