package io.meshagent.it.harness;

import io.meshagent.it.tools.Places;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Has a program's logging libraries write each line to its standard output with what they find in
 * the log context: {@code LOG <trace_id>|<span_id>|<user>|<line>}; what others log is not written.
 * Stateless.
 */
public final class LogConfiguration {

  private static final String PATTERN = "LOG %X{trace_id}|%X{span_id}|%X{user}|%m%n";

  private static final String LOGBACK =
      """
      <configuration>
        <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
          <encoder><pattern>%s</pattern></encoder>
        </appender>
        <root level="off"><appender-ref ref="out"/></root>
        <logger name="io.meshagent.it" level="info"/>
      </configuration>
      """;

  private static final String LOG4J =
      """
      <Configuration>
        <Appenders>
          <Console name="out"><PatternLayout pattern="%s"/></Console>
        </Appenders>
        <Loggers>
          <Root level="off"><AppenderRef ref="out"/></Root>
          <Logger name="io.meshagent.it" level="info"/>
        </Loggers>
      </Configuration>
      """;

  private static final String JBOSS =
      """
      loggers=io.meshagent.it
      logger.level=OFF
      logger.handlers=OUT
      logger.io.meshagent.it.level=INFO
      handler.OUT=org.jboss.logmanager.handlers.ConsoleHandler
      handler.OUT.properties=target,autoFlush
      handler.OUT.target=SYSTEM_OUT
      handler.OUT.autoFlush=true
      handler.OUT.formatter=LINE
      formatter.LINE=org.jboss.logmanager.formatters.PatternFormatter
      formatter.LINE.properties=pattern
      formatter.LINE.pattern=%s
      """;

  private LogConfiguration() {}

  /** The same program, told so. */
  public static JvmBuilder of(JvmBuilder program) {
    Path directory = Places.newDirectory("logging");
    return program
        .property("logback.configurationFile", file(directory, "logback.xml", LOGBACK))
        .property("log4j2.configurationFile", file(directory, "log4j2.xml", LOG4J))
        .property("logging.configuration", "file:" + file(directory, "jboss.properties", JBOSS));
  }

  private static String file(Path directory, String name, String text) {
    try {
      return Files.writeString(directory.resolve(name), text.formatted(PATTERN)).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
