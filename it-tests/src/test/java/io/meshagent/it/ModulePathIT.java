package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.Modules;
import io.meshagent.it.harness.OtlpReceiver;
import io.meshagent.it.harness.World;
import io.meshagent.it.programs.MatrixCell;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Programs on the module path: gRPC is in named modules, and the JVM has only what these name. And
 * one in an image of jlink, which has no others to begin with.
 */
class ModulePathIT {

  private static final String JARS = Classpaths.ofPrograms(Classpaths.NEWEST, "netty-shaded");
  private static final String CLOSED = Modules.closed(JARS);

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private static final OtlpReceiver COLLECTOR = OtlpReceiver.start();
  @AutoClose private final World world = World.on(ETCD);

  @ParameterizedTest(name = "Java {0}")
  @CsvSource("17")
  @ThoroughRows("25")
  void jars_on_the_module_path_are_governed(int jdk) {
    Jvm cell = cell(Modules.automatic(JARS), jdk).option("--add-modules=ALL-MODULE-PATH").start();
    cell.awaitDirectory(3);
    assertGoverned(cell);
    assertThat(cell.metrics().sum("grpc_client_call_started_total")).isPositive();
    end(cell, "governs gRPC");
  }

  @Thorough
  @ParameterizedTest(name = "Java {0}")
  @CsvSource({"17", "25"})
  void a_module_that_is_open_to_nobody_is_governed_and_has_an_admin_page(int jdk) {
    Jvm cell = cell(CLOSED, jdk).start();
    assertGoverned(cell);
    assertThat(cell.metrics().sum("grpc_client_call_started_total")).isPositive();
    end(cell, "governs gRPC");
  }

  @Thorough
  @Test
  void an_image_with_what_grpc_needs_and_what_takes_agents_is_governed_and_has_an_admin_page() {
    Jvm cell =
        cell(world.launch("cell").main(JARS, MatrixCell.class.getName()))
            .on(Modules.image("java.logging", "java.instrument"))
            .start();
    assertGoverned(cell);
    assertThat(cell.metrics().sum("grpc_client_call_started_total")).isPositive();
    end(cell, "governs gRPC");
  }

  private JvmBuilder cell(String modulePath, int jdk) {
    String main = Modules.PROGRAMS + "/" + MatrixCell.class.getName();
    return cell(world.launch("cell").on(jdk).module(modulePath, main));
  }

  private static JvmBuilder cell(JvmBuilder program) {
    return program
        .args("netty-shaded")
        .leavingFast()
        .mesh("tracing.otlp.endpoint", COLLECTOR.endpoint());
  }

  private static void assertGoverned(Jvm cell) {
    String key = "/services/matrix.Service/127.0.0.1:" + cell.awaitPort();
    await().atMost(Jvm.PATIENCE).until(() -> ETCD.keys().get(key).size() == 1);
    assertThat(cell.ask("unary")).as(() -> cell.described("unary")).isEqualTo("cell");
    assertThat(cell.ask("streams")).isEqualTo("many=3 sum=3 chat=3");
    assertThat(cell.ask("breaker")).startsWith("UNAVAILABLE").contains("circuit open");
  }

  private static void end(Jvm cell, String... lines) {
    cell.say("quit");
    assertThat(cell.awaitExit()).isZero();
    assertThat(cell.stderr())
        .as("said by the agent")
        .filteredOn(line -> line.contains("[mesh-agent]") && !line.contains(Jvm.CIRCUIT))
        .hasSize(lines.length);
    for (String line : lines) {
      assertThat(cell.stderr()).anyMatch(said -> said.contains(line));
    }
  }
}
