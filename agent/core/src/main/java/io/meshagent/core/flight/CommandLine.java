package io.meshagent.core.flight;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** What this JVM was started with, where the system shows that. Stateless. */
final class CommandLine {

  /** As in {@code -XX:StartFlightRecording} and {@code -XX:+FlightRecorder}. */
  private static final String SIGN = "FlightRecord";

  private CommandLine() {}

  /**
   * Whether it was told to record. False where that can't be seen: in a file of arguments, or on
   * what is not Linux.
   *
   * @param commandLine {@code /proc/self/cmdline}
   */
  static boolean asksForRecording(Path commandLine, Map<String, String> environment) {
    return Stream.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")
            .anyMatch(name -> environment.getOrDefault(name, "").contains(SIGN))
        || read(commandLine).contains(SIGN);
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException | RuntimeException e) {
      return "";
    }
  }
}
