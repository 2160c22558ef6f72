package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Ring;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same jar and the same classes of the sample on the oldest gRPC, one in the middle and the
 * newest, on several JDKs: found without configuration, and nothing lost but what was in flight.
 */
class EndToEndIT {

  private static final String GREETER = "/services/helloworld.Greeter/127.0.0.1:";
  private static final Pattern SUMMARY = Pattern.compile("summary: ok=(\\d+) failed=(\\d+).*");

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  static Stream<Arguments> cells() {
    return Ring.rows(
        List.of(Arguments.of(Classpaths.MIDDLE, 8)),
        List.of(
            Arguments.of(Classpaths.FLOOR, 17),
            Arguments.of(Classpaths.NEWEST, 25),
            Arguments.of(Classpaths.MIDDLE, 17),
            Arguments.of(Classpaths.NEWEST, 17),
            Arguments.of(Classpaths.FLOOR, 25),
            Arguments.of(Classpaths.MIDDLE, 25)));
  }

  @ParameterizedTest(name = "gRPC {0} on Java {1}")
  @MethodSource("cells")
  void servers_are_found_and_one_may_be_killed(String grpc, int jdk) {
    world.with(grpc, jdk);
    Jvm a = world.greeterServer(0, "a").leavingFast().start();
    Jvm b = world.greeterServer(0, "b").leavingFast().start();
    Jvm load = world.loadClient().start();
    int portA = a.awaitPort();
    int portB = b.awaitPort();
    await()
        .atMost(Jvm.PATIENCE)
        .until(
            () -> ETCD.keys().get(GREETER).keySet(),
            keys -> keys.contains(GREETER + portA) && keys.contains(GREETER + portB));

    // The client's calls have five seconds, of which a server's first call may take some.
    LoadResult unused = load.awaitAnswersBy(Set.of("a", "b"), "calls n=20 deadline=30000");

    // The sample's own client; a second of calls, then one server dies.
    // Nobody listens at its target, and beside others etcd may not have answered within 3 s.
    Jvm client =
        world
            .greeterClient("--rate", 50, "--seconds", 4, "--target", "localhost:1")
            .mesh("discover.first-wait", "30s")
            .start();
    client.await("second 2:");
    a.kill9();
    client.awaitExit(Duration.ofSeconds(60));
    Matcher counts = SUMMARY.matcher(client.await("summary:"));
    assertThat(counts.matches()).isTrue();
    assertThat(Integer.parseInt(counts.group(2)))
        .as(() -> client.described("failed calls, of which one may have been in flight"))
        .isLessThanOrEqualTo(1);
    assertThat(client.stdout()).anyMatch(line -> line.contains("answered by a"));
    assertThat(client.stdout()).anyMatch(line -> line.contains("answered by b"));

    // A stream, on a channel of its own.
    LoadResult stream = load.load("stream messages=5");
    assertThat(stream.okBy()).as(() -> load.described("a stream")).containsEntry("b", 5);
    assertThat(b.terminate()).isEqualTo(143);
    assertThat(ETCD.keys().get(GREETER + portB)).isEmpty();
  }
}
