package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.World;
import io.meshagent.it.programs.semantics.Semantics;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Ring;
import io.meshagent.it.tools.ring.Thorough;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same program without and with the agent sees the same, line by line: the order of headers and
 * callbacks, threads, contexts, deadlines, cancellation, flow control, sizes, every exception and
 * every status.
 *
 * <p>What the transcripts leave out differs by its nature: the header {@code traceparent}, which
 * the agent adds; numbers, such as ports and times. The newest version in every ring, a JVM for
 * each from the second on, all with {@code -Dmesh.matrix}.
 */
class SemanticsIT {

  private static final List<Integer> JDKS = List.of(8, 17, 25);
  private static final List<String> VERSIONS =
      List.of(Classpaths.FLOOR, Classpaths.MIDDLE, Classpaths.NEWEST);

  private static final Map<String, String> HARSH =
      Map.of(
          "client.timeout", "1ms",
          "client.retry.attempts", "3",
          "client.retry.codes", "UNKNOWN,UNAVAILABLE",
          "client.rate-limit.rate", "1/m",
          "server.rate-limit.rate", "1/m",
          "client.concurrency.limit", "1",
          "server.concurrency.limit", "1",
          "client.fault", "delay 200ms 50%; abort UNAVAILABLE 50%",
          "server.fault", "abort INTERNAL 100%",
          "client.route", "* -> version=nobody");

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  static Stream<Arguments> cells() {
    List<Arguments> cells = new ArrayList<>();
    boolean all = Boolean.parseBoolean(Places.setting("mesh.matrix", "false"));
    for (int v = 0; v < VERSIONS.size(); v++) {
      for (int j = 0; j < JDKS.size(); j++) {
        boolean newest = v == VERSIONS.size() - 1;
        if (all || (j == v && (newest || Ring.THOROUGH.runs()))) {
          cells.add(Arguments.of(VERSIONS.get(v), JDKS.get(j)));
        }
      }
    }
    return cells.stream();
  }

  @ParameterizedTest(name = "gRPC {0} on Java {1}")
  @MethodSource("cells")
  void the_program_sees_what_it_saw_without_the_agent(String grpc, int jdk) {
    Jvm bare = program("bare", grpc, jdk).withoutAgent().start();
    // Under the name that the target has, which is in some descriptions.
    Jvm discovered = program("discovered", grpc, jdk).mesh("register.host", "localhost").start();
    int port = discovered.awaitPort();
    await()
        .atMost(Jvm.PATIENCE)
        .until(() -> ETCD.keys().get("/services/semantics.Service/localhost:" + port).size() == 1);
    List<String> expected = transcript(bare);
    assertThat(expected).as("without the agent").hasSizeGreaterThan(400);
    assertThat(differences(expected, transcript(discovered)))
        .as("instance of the directory")
        .isEmpty();
  }

  @Thorough
  @ParameterizedTest(name = "gRPC {0} on Java {1}")
  @MethodSource("cells")
  void its_calls_to_the_targets_own_server_are_what_they_were(String grpc, int jdk) {
    Jvm bare = program("bare", grpc, jdk).withoutAgent().start();
    Jvm undiscovered = program("undiscovered", grpc, jdk).mesh("discover.enabled", "false").start();

    List<String> expected = transcript(bare);
    assertThat(expected).as("without the agent").hasSizeGreaterThan(400);
    assertThat(differences(expected, transcript(undiscovered))).isEmpty();
  }

  /** Every policy that could do something to these calls is set, to something they would notice. */
  @Thorough
  @ParameterizedTest(name = "gRPC {0} on Java {1}")
  @MethodSource("cells")
  void observed_it_sees_the_same_whatever_policies_are_set(String grpc, int jdk) {
    Jvm bare = program("bare", grpc, jdk).withoutAgent().start();
    JvmBuilder builder = program("observed", grpc, jdk).mesh("governance", "observe");
    HARSH.forEach(builder::mesh);
    Jvm observed = builder.mesh("register.host", "localhost").start();
    int port = observed.awaitPort();
    await()
        .atMost(Jvm.PATIENCE)
        .until(() -> ETCD.keys().get("/services/semantics.Service/localhost:" + port).size() == 1);

    List<String> expected = transcript(bare);
    assertThat(differences(expected, transcript(observed))).isEmpty();
  }

  /**
   * From the first line that differs to the last, those of both sides; few, so that all is seen.
   */
  private static List<String> differences(List<String> expected, List<String> seen) {
    int most = Math.min(expected.size(), seen.size());
    int same = 0;
    while (same < most && expected.get(same).equals(seen.get(same))) {
      same++;
    }
    int sameAtEnd = 0;
    while (sameAtEnd < most - same
        && expected
            .get(expected.size() - 1 - sameAtEnd)
            .equals(seen.get(seen.size() - 1 - sameAtEnd))) {
      sameAtEnd++;
    }
    List<String> differences = new ArrayList<>();
    for (String line : expected.subList(same, expected.size() - sameAtEnd)) {
      differences.add("without: " + line);
    }
    for (String line : seen.subList(same, seen.size() - sameAtEnd)) {
      differences.add("with:    " + line);
    }
    return differences;
  }

  private JvmBuilder program(String name, String grpc, int jdk) {
    return world
        .launch(name)
        .main(Classpaths.ofPrograms(grpc, "netty-shaded"), Semantics.class.getName())
        .on(jdk);
  }

  /** One after the other: some scenarios have a second's time for what takes no time at all. */
  private static List<String> transcript(Jvm program) {
    int unused = program.awaitPort();
    program.say("go");
    program.await(line -> line.equals("end"), Duration.ofMinutes(2));
    List<String> lines = program.stdout();
    assertThat(program.awaitExit()).isZero();
    return lines.subList(lines.indexOf("begin"), lines.indexOf("end"));
  }
}
