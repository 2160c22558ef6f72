package io.meshagent.core.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightTest {

  @TempDir private Path folder;

  @Test
  void each_kind_of_event_is_in_a_recording() throws IOException {
    Path file = folder.resolve("flight.jfr");
    try (Recording recording = new Recording()) {
      recording.start();
      Flight.look();
      assertThat(Flight.isOn()).isTrue();
      Flight.slowCall("client", "a.B/C", "OK", 2_500_000_000L, "/127.0.0.1:5", null);
      Flight.refused("server", "a.B/C", "UNAVAILABLE", "breaker", "circuit open");
      Flight.circuit("a.B/C", "open", "5 of 5 failed");
      Flight.ejection("a.B", "127.0.0.1:5", "ejected", "x".repeat(5_000));
      Flight.notice("warn", "etcd is away");
      recording.stop();
      // Nobody hears of this.
      Flight.notice("warn", "etcd is back");
      recording.dump(file);
    }

    Map<String, RecordedEvent> events =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().startsWith("mesh."))
            .collect(
                Collectors.toMap(event -> event.getEventType().getName(), Function.identity()));
    assertThat(events).hasSize(EventKind.values().length);
    RecordedEvent slow = events.get("mesh.SlowCall");
    assertThat(slow.getDuration("time")).isEqualTo(Duration.ofMillis(2_500));
    assertThat(slow.getString("method")).isEqualTo("a.B/C");
    assertThat(slow.getString("traceparent")).isNull();
    assertThat(slow.getEventType().getCategoryNames()).isEqualTo(List.of("mesh-agent"));
    assertThat(slow.getStackTrace()).isNull();
    assertThat(events.get("mesh.Refusal").getString("policy")).isEqualTo("breaker");
    assertThat(events.get("mesh.Circuit").getString("why")).isEqualTo("5 of 5 failed");
    assertThat(events.get("mesh.Ejection").getString("why")).hasSize(1_001);
    assertThat(events.get("mesh.Notice").getString("sentence")).isEqualTo("etcd is away");
  }

  @Test
  void the_command_line_says_whether_to_look_at_once() throws IOException {
    Path line = folder.resolve("cmdline");
    Map<String, String> none = Map.of("PATH", "FlightRecord");
    assertThat(CommandLine.asksForRecording(line, none)).isFalse();
    Files.writeString(line, "java\0-jar\0app.jar\0");
    assertThat(CommandLine.asksForRecording(line, none)).isFalse();
    assertThat(
            CommandLine.asksForRecording(
                line, Map.of("JAVA_TOOL_OPTIONS", "-XX:StartFlightRecording")))
        .isTrue();
    Files.writeString(line, "java\0-XX:StartFlightRecording:filename=x\0-jar\0app.jar\0");
    assertThat(CommandLine.asksForRecording(line, none)).isTrue();
  }

  @Test
  void what_is_slow_is_for_the_operator_to_say() {
    try {
      Flight.slowFrom(100);
      assertThat(Flight.isSlow(99)).isFalse();
      assertThat(Flight.isSlow(100)).isTrue();
      Flight.slowFrom(0);
      assertThat(Flight.isSlow(Long.MAX_VALUE)).isFalse();
    } finally {
      Flight.slowFrom(1_000_000_000);
    }
  }
}
