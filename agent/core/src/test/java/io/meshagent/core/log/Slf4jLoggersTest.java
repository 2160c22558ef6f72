package io.meshagent.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;

class Slf4jLoggersTest {

  private static final String LOGGER_FACTORY = "org/slf4j/LoggerFactory";

  @Test
  void has_every_member_of_slf4js_factory_that_a_library_names() throws IOException {
    Set<String> named = NamedMembers.byLibrariesOf(LOGGER_FACTORY);

    assertThat(named)
        .as("what the libraries name")
        .contains("getLogger(Ljava/lang/String;)Lorg/slf4j/Logger;");
    assertThat(NamedMembers.publicMethodsOf(Slf4jLoggers.class, LOGGER_FACTORY)).containsAll(named);
  }

  @Test
  void does_not_name_the_class_it_stands_for() throws IOException {
    assertThat(NamedMembers.classesNamedBy(Slf4jLoggers.class)).doesNotContain(LOGGER_FACTORY);
  }

  @Test
  void has_loggers_of_ours_by_name_and_by_class() {
    assertThat(Slf4jLoggers.getLogger(Slf4jLoggersTest.class))
        .isInstanceOf(LibraryLogger.class)
        .isSameAs(Slf4jLoggers.getILoggerFactory().getLogger(Slf4jLoggersTest.class.getName()));
    assertThat(Slf4jLoggers.getProvider().getLoggerFactory())
        .isSameAs(Slf4jLoggers.getILoggerFactory());
  }
}
