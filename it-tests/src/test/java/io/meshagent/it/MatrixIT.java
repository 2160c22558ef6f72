package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.MatrixReport;
import io.meshagent.it.harness.Metrics;
import io.meshagent.it.harness.OtlpReceiver;
import io.meshagent.it.harness.World;
import io.meshagent.it.programs.MatrixCell;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Ring;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same jar on every JVM, with every gRPC that moved something, over every transport. Two cells
 * in every ring, a diagonal of the matrix from the second on, all of it in the third or with {@code
 * -Dmesh.matrix=true}, a row of it with {@code -Dmesh.matrix=1.76.3}; the cells that held are
 * appended to {@code it-tests/target/matrix.csv}.
 */
class MatrixIT {

  private static final List<Integer> JDKS = List.of(8, 11, 17, 21, 25);

  /** The floor, those around a move, some between; of each a patch that all transports have. */
  private static final List<String> VERSIONS =
      List.of(
          "1.22.1",
          "1.26.0",
          "1.33.1",
          "1.40.1",
          "1.48.1",
          "1.58.0",
          "1.59.1",
          "1.64.0",
          "1.70.0",
          "1.76.3",
          Classpaths.NEWEST);

  /** Their cells of the diagonal have okhttp on Java 17 and netty on Java 25. */
  private static final List<String> OF_EVERY_RING = List.of("1.33.1", "1.76.3");

  private static final List<String> TRANSPORTS = List.of("netty", "netty-shaded", "okhttp");

  /** The newest gRPC that was published with okhttp. */
  private static final String NEWEST_OKHTTP = "1.82.2";

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private static final OtlpReceiver COLLECTOR = OtlpReceiver.start();
  @AutoClose private final World world = World.on(ETCD);

  static Stream<Arguments> cells() {
    List<Arguments> cells = new ArrayList<>();
    String wanted = Places.setting("mesh.matrix", "false");
    for (int v = 0; v < VERSIONS.size(); v++) {
      for (int j = 0; j < JDKS.size(); j++) {
        for (int t = 0; t < TRANSPORTS.size(); t++) {
          // A diagonal: each version once, each JVM with each transport in the course of it.
          String version = VERSIONS.get(v);
          boolean whole = wanted.equals("true") || wanted.equals(version);
          boolean diagonal = j == v % JDKS.size() && t == v % TRANSPORTS.size();
          if (whole || (diagonal && (Ring.THOROUGH.runs() || OF_EVERY_RING.contains(version)))) {
            boolean none = TRANSPORTS.get(t).equals("okhttp") && version.equals(Classpaths.NEWEST);
            cells.add(Arguments.of(none ? NEWEST_OKHTTP : version, JDKS.get(j), TRANSPORTS.get(t)));
          }
        }
      }
    }
    return cells.stream();
  }

  @ParameterizedTest(name = "gRPC {0} on Java {1} over {2}")
  @MethodSource("cells")
  void works(String grpc, int jdk, String transport) {
    MatrixReport report = new MatrixReport(grpc, jdk, transport);
    Jvm cell =
        world
            .launch("cell")
            .main(Classpaths.ofPrograms(grpc, transport), MatrixCell.class.getName())
            .on(jdk)
            .leavingFast()
            .args(transport)
            .mesh("tracing.otlp.endpoint", COLLECTOR.endpoint())
            .mesh("client.rate-limit.rate@matrix.Limited", "1/h")
            .start();
    int port = cell.awaitPort();
    String key = "/services/matrix.Service/127.0.0.1:" + port;
    await().atMost(Jvm.PATIENCE).until(() -> ETCD.keys().get(key).size() == 1);
    cell.awaitDirectory(3);
    assertThat(cell.ask("unary")).as(() -> cell.described("unary")).isEqualTo("cell");
    assertThat(cell.ask("streams")).isEqualTo("many=3 sum=3 chat=3");
    assertThat(cell.ask("breaker")).startsWith("UNAVAILABLE").contains("circuit open");
    assertThat(cell.ask("limit")).startsWith("RESOURCE_EXHAUSTED");
    await("no call is left over").until(() -> cell.metrics().sum("mesh_calls_in_flight") == 0);
    Metrics metrics = cell.metrics();
    assertThat(
            metrics.sum(
                "grpc_client_call_duration_seconds_count",
                "grpc_method",
                "matrix.Service/SayHello"))
        .isEqualTo(1);
    assertThat(
            metrics.sum(
                "grpc_server_call_duration_seconds_count", "grpc_method", "matrix.Service/Chat"))
        .isEqualTo(1);
    cell.say("quit");
    assertThat(cell.awaitExit()).isZero();
    assertThat(cell.stdout()).contains("ended true");
    assertThat(ETCD.keys().get(key)).isEmpty();
    assertThat(cell.stderr())
        .as("said beside what the program's own libraries make the VM say")
        .filteredOn(line -> !isOfProgram(line) && !line.contains(Jvm.CIRCUIT))
        .hasSize(1)
        .allMatch(line -> line.contains("[mesh-agent] info: ") && line.contains(governs(grpc)));
    report.green();
  }

  private static String governs(String grpc) {
    return " governs gRPC " + grpc + ": ";
  }

  /** New JVMs warn of what the program's Netty and protobuf do; of ours there is nothing to say. */
  private static boolean isOfProgram(String line) {
    boolean warning = line.startsWith("WARNING: ") && !line.matches(".*mesh-?agent.*");
    // gRPC 1.82's own log, in two lines.
    return warning || line.contains("TcpMetrics") || line.isBlank();
  }
}
