package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the JVM's own recorder knows of an incident. */
class FlightRecorderIT {

  private static final String HELLO = "helloworld.Greeter/SayHello";

  @AutoClose private final World world = World.local();
  private final Path folder = Places.newDirectory("flight");

  @ParameterizedTest(name = "Java {0}")
  @ValueSource(ints = 17)
  @ThoroughRows({"8", "25"})
  void a_recording_has_slow_calls_refusals_circuits_and_what_was_said(int jdk) throws IOException {
    Path file = folder.resolve("flight.jfr");
    Jvm server = world.flakyServer("a").start();
    server.awaitPort();
    Jvm client =
        world
            .with(Classpaths.MIDDLE, jdk)
            .loadClient()
            .option("-XX:StartFlightRecording=dumponexit=true,filename=" + file)
            .mesh("flight-recorder.slow-call", "100ms")
            .start();
    client.awaitInstances(1);
    server.ask("slow 100 300");
    client.load("calls n=2 threads=1 deadline=60000");
    server.ask("slow 0 0");
    server.ask("fail 100");
    client.load("calls n=100 threads=1");
    client.terminate();

    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    // On a machine that has other things to do those that fail may take long, too.
    List<RecordedEvent> slow =
        of(events, "mesh.SlowCall").stream()
            .filter(event -> event.getString("status").equals("OK"))
            .toList();
    assertThat(slow)
        .as(() -> client.described("slow calls"))
        .hasSize(2)
        .allMatch(event -> event.getDuration("time").toMillis() >= 300)
        .allMatch(event -> event.getString("method").equals(HELLO));
    assertThat(of(events, "mesh.Circuit"))
        .anyMatch(event -> event.getString("of").equals(HELLO))
        .allMatch(event -> event.getString("state").equals("open"));
    assertThat(of(events, "mesh.Refusal"))
        .hasSizeGreaterThan(20)
        .allMatch(event -> event.getString("policy").equals("breaker"));
    assertThat(of(events, "mesh.Notice"))
        .anyMatch(event -> event.getString("sentence").contains("circuit of " + HELLO));
  }

  private static List<RecordedEvent> of(List<RecordedEvent> events, String kind) {
    return events.stream().filter(each -> each.getEventType().getName().equals(kind)).toList();
  }

  @Thorough
  @Test
  void a_program_without_a_recording_does_not_have_the_recorder_start() throws IOException {
    Path classes = folder.resolve("classes.txt");
    Jvm server =
        world.flakyServer("a").option("-Xlog:class+load:file=" + classes + "::filecount=0").start();
    server.awaitPort();
    assertThat(server.admin()).startsWith("http://");

    // Some seconds later it is looked for, which takes two or three classes of its surface.
    assertThat(Files.readString(classes))
        .contains("io.grpc.Server ")
        .doesNotContain(" jdk.jfr.internal.", " jdk.jfr.EventFactory ", " jdk.jfr.Event ");
  }
}
