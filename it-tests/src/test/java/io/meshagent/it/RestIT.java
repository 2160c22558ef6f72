package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Metrics;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.LongForm;
import io.meshagent.it.tools.ring.Thorough;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls of all four kinds, of which some are cancelled, run out of time, fail, wait and are
 * refused, while instances come and go: when all have ended nothing is under way any more, wherever
 * somebody counts.
 */
class RestIT {

  private static final String KEYS = "/services/helloworld.Greeter/127.0.0.";

  /** How many addresses there are beside the servers' own. */
  private static final int MORE = 8;

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  private Jvm server(String name) {
    Jvm server =
        world
            .flakyServer(name, "kinds")
            .mesh("server.concurrency.limit", "12")
            .mesh("server.concurrency.queue", "4")
            .mesh("server.concurrency.queue-timeout", "20ms")
            .start();
    server.awaitPort();
    return server;
  }

  private void calls(String grpc, int calls) {
    world.with(
        grpc.equals("newest")
            ? Classpaths.NEWEST
            : grpc.equals("middle") ? Classpaths.MIDDLE : Classpaths.FLOOR,
        Runtime.version().feature());
    Jvm a = server("a");
    Jvm b = server("b");
    Jvm client =
        world
            .loadClient()
            .mesh("client.concurrency.limit", "14")
            .mesh("client.concurrency.queue", "4")
            .mesh("client.concurrency.queue-timeout", "20ms")
            .mesh("client.retry.attempts", "2")
            .mesh("client.breaker.open-for", "200ms")
            .start();
    client.awaitInstances(2);
    int seed = new Random().nextInt(1_000_000);

    CompletableFuture<String> all =
        CompletableFuture.supplyAsync(
            () ->
                client.ask(
                    "chaos kinds threads=16 n=" + calls + " seed=" + seed, Duration.ofMinutes(20)));
    await("the page shows what is under way")
        .atMost(Jvm.PATIENCE)
        .until(() -> attempts(client) > 0 || all.isDone());
    int changes = changeUntil(all, a.awaitPort(), new Random(seed));

    LoadResult chaos = LoadResult.of(all.join());
    String what = "seed " + seed + ": " + chaos;
    Scenario.of("calls of all kinds that end in every way, gRPC " + grpc)
        .saw(
            "seed %d, %d answered, %d failed, %d changes of the list"
                .formatted(seed, chaos.ok(), chaos.failures(), changes));
    assertThat(chaos.failures("INTERNAL")).as(() -> client.described(what)).isZero();
    for (String code : new String[] {"CANCELLED", "DEADLINE_EXCEEDED", "UNAVAILABLE"}) {
      assertThat(chaos.failures(code)).as(what).isPositive();
    }
    assertThat(chaos.ok()).as(what).isPositive();
    for (Jvm jvm : new Jvm[] {client, a, b}) {
      awaitRest(jvm, calls / 5_000, what);
    }
    LoadResult again = client.load("calls n=50 threads=1 deadline=60000");
    assertThat(again.ok()).as(() -> client.described(what)).isEqualTo(50);
    awaitRest(client, calls / 5_000, what);
  }

  /** More instances come and go, all of them addresses of one of the servers. */
  private static int changeUntil(CompletableFuture<String> done, int port, Random random) {
    int[] changes = {0};
    await()
        .atMost(Duration.ofMinutes(20))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              String address = (2 + random.nextInt(MORE)) + ":" + port;
              if (random.nextBoolean()) {
                ETCD.keys().put(KEYS + address, "127.0.0." + address);
              } else {
                ETCD.keys().delete(KEYS + address);
              }
              changes[0]++;
              return done.isDone();
            });
    return changes[0];
  }

  /**
   * @param dropped so many streams may have been made and dropped without a word: gRPC does so with
   *     one for which a call has waited that is cancelled in the moment in which it is made, and a
   *     call is known by its attempts only if it was likely to wait
   */
  private static void awaitRest(Jvm jvm, int dropped, String what) {
    await("nothing is under way")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              for (String gauge :
                  new String[] {
                    "mesh_calls_in_flight", "mesh_concurrency_in_flight", "mesh_concurrency_waiting"
                  }) {
                assertThat(jvm.metrics().all(gauge))
                    .as(() -> jvm.described(what))
                    .isNotEmpty()
                    .allSatisfy(sample -> assertThat(sample.value()).isZero());
              }
              assertThat(attempts(jvm)).as(() -> jvm.described(what)).isLessThanOrEqualTo(dropped);
            });
  }

  /** How many the page shows as under way, to all instances. */
  private static int attempts(Jvm jvm) {
    int sum = 0;
    for (Map.Entry<String, JsonElement> each :
        JsonParser.parseString(Metrics.get(jvm.admin() + "/mesh"))
            .getAsJsonObject()
            .getAsJsonObject("attempts under way")
            .entrySet()) {
      sum += each.getValue().getAsInt();
    }
    return sum;
  }

  @Thorough
  @ParameterizedTest(name = "gRPC {0}")
  @ValueSource(strings = {"newest", "1.22", "middle"})
  void nothing_is_under_way_after_calls_of_all_kinds_and_changes(String version) {
    calls(version, 5_000);
  }

  @LongForm
  @ParameterizedTest(name = "gRPC {0}")
  @ValueSource(strings = {"newest", "1.22"})
  void nothing_is_under_way_after_a_hundred_thousand(String version) {
    calls(version, 100_000);
  }
}
