package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.OtlpReceiver;
import io.meshagent.it.harness.Project;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Ports;
import io.meshagent.it.tools.ring.Thorough;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A program with gRPC's own plug-in for OpenTelemetry, which writes its header later than any
 * interceptor: what it traces is what it traces without the agent, and each attempt has one header,
 * of the program's trace.
 */
@Thorough
class TracingPluginIT {

  private static final List<String> COMMANDS = List.of("unary", "chat", "hop", "unary");

  /** A port where nobody listens. */
  private static final int DEAD = 1;

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final OtlpReceiver collector = OtlpReceiver.start();
  @AutoClose private final World world = World.on(ETCD);

  @ParameterizedTest(name = "with a collector of ours: {0}")
  @ValueSource(booleans = {true, false})
  void grpcs_own_plugin_traces_as_without_the_agent(boolean exported) {
    int own = Ports.free();
    List<String> answers = ask(started(program(own, own).withoutAgent()));
    assertThat(answers.get(0)).endsWith(", headers [1], of the trace 1");
    assertThat(answers.get(2)).endsWith(", headers [1, 1], of the trace 2");

    int port = Ports.free();
    JvmBuilder governed = program(port, DEAD);
    Jvm with =
        started(exported ? governed.mesh("tracing.otlp.endpoint", collector.endpoint()) : governed);
    await()
        .atMost(Jvm.PATIENCE)
        .until(
            () ->
                ETCD.keys()
                    .get("/services/")
                    .containsKey("/services/helloworld.Greeter/127.0.0.1:" + port));

    assertThat(ask(with)).as(() -> with.described("answers")).isEqualTo(answers);
  }

  private JvmBuilder program(int port, int target) {
    return world.launch("traced").jar(Project.jar("grpc-opentelemetry", ".jar")).args(port, target);
  }

  private static Jvm started(JvmBuilder builder) {
    Jvm jvm = builder.start();
    jvm.await(line -> line.startsWith("port "), Duration.ofMinutes(2));
    return jvm;
  }

  private static List<String> ask(Jvm program) {
    return COMMANDS.stream().map(program::ask).toList();
  }
}
