package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.OtlpReceiver;
import io.meshagent.it.harness.OtlpReceiver.Received;
import io.meshagent.it.harness.Project;
import io.meshagent.it.harness.World;
import io.meshagent.it.programs.ChainCell;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Thorough;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * SkyWalking's agent before ours and after it, with a plugin that changes gRPC's client calls in
 * every loader, as its own does: its headers and segments go where they always went, and what each
 * agent calls for itself is left alone by the other.
 */
@Thorough
class SkyWalkingIT {

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final OtlpReceiver collector = OtlpReceiver.start();
  @AutoClose private final World world = World.on(ETCD);

  @ParameterizedTest(name = "before ours: {0}, gRPC {1} on Java {2}")
  @CsvSource({"true,1.45.4,17", "false,1.85.1,8"})
  void both_trace_by_headers_of_their_own(boolean before, String grpc, int jdk) throws IOException {
    Jvm cell =
        world
            .with(grpc, jdk)
            .program("chain", ChainCell.class)
            .mesh("app.name", "mesh")
            .mesh("tracing.otlp.endpoint", collector.endpoint())
            .otherAgent(assembled(), "", before)
            .start();
    cell.await(line -> line.startsWith("port "), Duration.ofSeconds(90));
    await("two services registered")
        .atMost(Duration.ofSeconds(60))
        .until(() -> ETCD.keys().get("/services/chain.").size() == 2);
    cell.awaitDirectory(2);
    assertThat(cell.ask("unary")).isEqualTo("back");
    assertThat(cell.ask("stream")).isEqualTo("[back] x 3");
    for (String method : List.of("Front/SayHello", "Back/SayHello", "Front/Chat", "Back/Chat")) {
      String line = cell.await("headers chain." + method + " ");
      assertThat(line.split(" sw8=", -1)).as(line).hasSize(2);
      assertThat(line.split(" traceparent=", -1)).as(line).hasSize(2);
    }
    await("segments").atMost(Duration.ofSeconds(60)).until(this::segmentsArrived);
    List<Received> spans = collector.awaitSpans(8, Duration.ofSeconds(60));
    assertThat(spans).hasSize(8).extracting(Received::service).containsOnly("mesh");
    assertThat(spans.stream().map(Received::trace).distinct()).as("two calls").hasSize(2);
    for (String side : List.of("client", "server")) {
      assertThat(cell.metrics().sum("grpc_" + side + "_call_duration_seconds_count"))
          .as("the program's calls and none of SkyWalking's")
          .isEqualTo(4);
    }
    assertThat(cell.stdout())
        .as("calls that SkyWalking traced")
        .filteredOn(line -> line.startsWith("exit span in "))
        .hasSize(4)
        .allMatch(line -> line.contains("AppClassLoader"));
    cell.say("quit");
    assertThat(cell.awaitExit(Duration.ofSeconds(60))).isZero();
    assertThat(cell.stderr())
        .filteredOn(line -> !line.contains("Sharing is only supported for boot loader classes"))
        .filteredOn(line -> !line.contains(Jvm.CIRCUIT))
        .hasSize(1)
        .allMatch(line -> line.contains(" governs gRPC " + grpc));
  }

  private boolean segmentsArrived() {
    return collector.otherCalls().contains("skywalking.v3.TraceSegmentReportService/collect");
  }

  /** The agent in a folder as its distribution has it, with the one plugin. */
  private Path assembled() throws IOException {
    Path folder = Places.newDirectory("skywalking");
    Path agent = folder.resolve("skywalking-agent.jar");
    Files.copy(Path.of(Classpaths.ofJar("org.apache.skywalking:apm-agent:9.3.0")), agent);
    Path plugins = Places.create(folder.resolve("plugins"));
    Files.copy(
        Project.jar("skywalking-plugin", "skywalking-plugin-1.jar"), plugins.resolve("it.jar"));
    Places.create(folder.resolve("activations"));
    String config =
        String.join(
            "\n",
            "agent.service_name=skywalking",
            "collector.backend_service=" + collector.address(),
            "logging.output=FILE",
            "logging.level=INFO");
    Files.writeString(Places.create(folder.resolve("config")).resolve("agent.config"), config);
    return agent;
  }
}
