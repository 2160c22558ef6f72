package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** So many calls at once and no more; the others wait without a thread, or are refused by name. */
class ConcurrencyIT {

  private static final String SERVICE = "crowd.Greeter";
  private static final String ONE_BY_ONE = "calls n=5 threads=1 deadline=30000 service=" + SERVICE;
  private static final Map<String, String> VERSIONS =
      Map.of("1.22", Classpaths.FLOOR, "middle", Classpaths.MIDDLE, "newest", Classpaths.NEWEST);

  @AutoClose private final World world = World.local();
  private Jvm server;
  private Jvm client;

  /** A server and a client, of which one side has the limit. */
  private void start(String side, String version, String limit, String queue, String timeout) {
    world.with(VERSIONS.get(version), version.equals("1.22") ? 8 : 17);
    JvmBuilder serving = world.flakyServer("a", "services=" + SERVICE);
    // Calls that run out of time on a server that holds them would open their circuit.
    JvmBuilder calling = world.loadClient().mesh("client.breaker.enabled", "false");
    (side.equals("server") ? serving : calling)
        .mesh(side + ".concurrency.limit@" + SERVICE, limit)
        .mesh(side + ".concurrency.queue", queue)
        .mesh(side + ".concurrency.queue-timeout", timeout);
    server = serving.start();
    server.awaitPort();
    client = calling.start();
    client.awaitInstances(1);
    LoadResult unused = client.awaitAnswersBy(Set.of("a"), ONE_BY_ONE);
    most();
  }

  private int most() {
    return Integer.parseInt(server.ask("most"));
  }

  private void awaitRest(String side) {
    Jvm limited = side.equals("server") ? server : client;
    await("no place is taken and nobody waits")
        .atMost(Jvm.PATIENCE)
        .until(
            () ->
                limited.metrics().sum("mesh_concurrency_in_flight") == 0
                    && limited.metrics().sum("mesh_concurrency_waiting") == 0);
  }

  @ParameterizedTest(name = "{0}, gRPC {1}")
  @CsvSource("server,newest")
  @ThoroughRows({"client,newest", "server,1.22", "client,1.22", "server,middle", "client,middle"})
  void ten_of_a_hundred_callers_are_served_at_once_and_all_of_them_in_the_end(
      String side, String version) {
    start(side, version, "10", "100", "1m");

    LoadResult calls =
        client.load("calls n=400 threads=100 deadline=60000 name=sleep:20 service=" + SERVICE);
    assertThat(calls.ok()).as(() -> client.described(calls.toString())).isEqualTo(400);
    assertThat(most()).isEqualTo(10);
    awaitRest(side);

    client.load("begin rate=1 streams=30 service=" + SERVICE);
    await("ten streams are open, the others wait")
        .atMost(Jvm.PATIENCE)
        .until(
            () ->
                (side.equals("server") ? server : client).metrics().sum("mesh_concurrency_waiting")
                    >= 20);
    LoadResult unused = client.load("end");
    awaitRest(side);
    LoadResult streams = client.load("streams");
    assertThat(streams.failures()).as(() -> client.described(streams.toString())).isZero();
    assertThat(most()).isEqualTo(10);
  }

  @Thorough
  @ParameterizedTest(name = "{0}: {3}")
  @CsvSource({
    "server, 1000, 300ms, this one waited for 300 ms",
    "client, 1000, 300ms, this one waited for 300 ms",
    "server, 5, 1m, a younger one took its place in the full queue",
    "client, 5, 1m, a younger one took its place in the full queue"
  })
  void who_waits_for_too_long_or_in_a_full_queue_is_refused_by_name(
      String side, String queue, String timeout, String reason) {
    start(side, "newest", "1", queue, timeout);
    server.ask("hold");
    client.load("begin rate=100 service=" + SERVICE);
    await("some were refused")
        .atMost(Jvm.PATIENCE)
        .until(() -> client.load("count").failures(reason) > 20);
    server.ask("release");
    await("calls are answered again")
        .atMost(Jvm.PATIENCE)
        .until(() -> client.load("count").ok() > 20);

    LoadResult end = client.load("end");

    assertThat(end.failures("RESOURCE_EXHAUSTED: mesh-agent: 1 calls are under way"))
        .as(() -> client.described(end.toString()))
        .isEqualTo(end.failures());
    assertThat(end.failures("(" + side + ".concurrency.limit@" + SERVICE + ")"))
        .isEqualTo(end.failures());
    assertThat(most()).isEqualTo(1);
    awaitRest(side);
  }

  @Thorough
  @ParameterizedTest(name = "{0}, gRPC {1}")
  @CsvSource({"client,newest", "server,newest", "server,1.22", "client,1.22"})
  void whatever_ends_calls_that_wait_or_are_served_nothing_is_held(String side, String version) {
    start(side, version, "3", "10", "200ms");
    LoadResult chaos = client.load("chaos n=1500 threads=16 service=" + SERVICE);
    assertThat(chaos.ok() + chaos.failures()).isPositive();
    awaitRest(side);

    server.ask("hold");
    client.load("begin rate=200 deadline=150 service=" + SERVICE);
    await("some ran out of time in the queue, before it had them wait for too long")
        .atMost(Jvm.PATIENCE)
        .until(() -> client.load("count").failures("DEADLINE_EXCEEDED") > 50);
    LoadResult unused = client.load("end");
    server.ask("release");
    awaitRest(side);
    LoadResult again = client.awaitAnswersBy(Set.of("a"), ONE_BY_ONE);
    assertThat(again.ok()).isPositive();
  }

  @Thorough
  @Test
  void ten_thousand_wait_in_a_small_heap_and_take_no_thread() {
    world.with(Classpaths.NEWEST, 17);
    server = world.flakyServer("a", "services=" + SERVICE).start();
    server.awaitPort();
    client =
        world
            .loadClient()
            .option("-Xmx64m")
            .mesh("client.concurrency.limit", "10")
            .mesh("client.concurrency.queue", "20000")
            .mesh("client.concurrency.queue-timeout", "10m")
            .start();
    client.awaitInstances(1);
    LoadResult unused = client.awaitAnswersBy(Set.of("a"), ONE_BY_ONE);
    server.ask("hold");
    client.load("begin rate=5000 service=" + SERVICE);
    await("some wait")
        .atMost(Jvm.PATIENCE)
        .until(() -> client.metrics().sum("mesh_concurrency_waiting") > 100);
    int threads = Integer.parseInt(client.ask("threads"));

    await("ten thousand wait")
        .atMost(Jvm.PATIENCE)
        .until(() -> client.metrics().sum("mesh_concurrency_waiting") >= 10_000);
    assertThat(Integer.parseInt(client.ask("threads"))).isLessThanOrEqualTo(threads + 3);

    server.ask("release");
    LoadResult end = client.load("end");
    assertThat(end.failures()).as(() -> client.described(end.toString())).isZero();
    assertThat(end.ok()).isGreaterThanOrEqualTo(10_000);
    awaitRest("client");
  }
}
