package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Alone;
import io.meshagent.it.tools.ring.LongForm;
import io.meshagent.it.tools.ring.Ring;
import io.meshagent.it.tools.ring.Thorough;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A call that takes long is sent once more, and few slow answers are no longer seen. */
@Alone
class HedgingIT {

  private static final String OPTIONS = " deadline=60000 channel=enabled:localhost:1";

  @AutoClose private final World world = World.local();

  private final List<Jvm> servers = new ArrayList<>();

  static Stream<String> versions() {
    return Ring.rows(List.of(Classpaths.NEWEST), List.of("1.45.4"));
  }

  /** Three servers that answer five calls of a hundred after half a second, and their client. */
  private Jvm client(String grpc, String delay) {
    world.with(grpc, Runtime.version().feature());
    for (String name : List.of("a", "b", "c")) {
      Jvm server = world.flakyServer(name).start();
      server.awaitPort();
      servers.add(server);
    }
    Jvm client =
        world
            .loadClient()
            .mesh("client.hedge.attempts", "2")
            .mesh("client.hedge.delay", delay)
            // All calls together pay for less than a tenth of those that are measured.
            .mesh("client.retry.budget", "7%")
            .start();
    client.awaitInstances(3);
    LoadResult unused =
        client.awaitAnswersBy(Set.of("a", "b", "c"), "calls n=60 threads=8" + OPTIONS);
    LoadResult warm = client.load("calls n=600 rate=400 threads=32" + OPTIONS);
    assertThat(warm.ok()).isEqualTo(600);
    servers.forEach(server -> server.ask("slow 5 500"));
    return client;
  }

  private double started() {
    return servers.stream()
        .mapToDouble(server -> server.metrics().sum("grpc_server_call_started_total"))
        .sum();
  }

  private LoadResult atMostTenPercentMore(Jvm client) {
    double before = started();
    LoadResult result = client.load("calls n=2000 rate=400 threads=32" + OPTIONS);
    double extra = started() - before - 2_000;
    assertThat(result.ok()).as(() -> client.described(result.toString())).isEqualTo(2_000);
    assertThat(extra)
        .as(() -> client.described(result + "\n" + client.metrics().text()))
        .isBetween(80.0, 200.0);
    assertThat(client.metrics().sum("mesh_client_hedges_total")).isGreaterThanOrEqualTo(extra);
    return result;
  }

  @Thorough
  @ParameterizedTest(name = "gRPC {0}")
  @MethodSource("versions")
  void of_a_hundred_calls_one_at_most_gets_a_slow_answer_for_a_tenth_more_load(String grpc) {
    Jvm client = client(grpc, "150ms");
    LoadResult result = atMostTenPercentMore(client);
    int late =
        result.okBy().entrySet().stream()
            .filter(each -> each.getKey().endsWith(" late"))
            .mapToInt(each -> each.getValue())
            .sum();
    assertThat(late).as(() -> client.described(result.toString())).isLessThanOrEqualTo(20);
  }

  /** On a machine that has time for it. */
  @LongForm
  @Test
  void of_a_hundred_calls_99_take_less_than_a_tenth_of_a_second() {
    Jvm client = client(Classpaths.NEWEST, "40ms");
    LoadResult result = atMostTenPercentMore(client);
    assertThat(result.okP99Micros())
        .as(() -> client.described(result + "\n" + client.metrics().text()))
        .isLessThan(100_000);
  }
}
