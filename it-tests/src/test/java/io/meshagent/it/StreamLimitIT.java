package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers take so many streams on a connection at once; further ones go elsewhere. */
class StreamLimitIT {

  @AutoClose private final World world = World.local();

  private void on(String version) {
    world.with(
        version.equals("newest")
            ? Classpaths.NEWEST
            : version.equals("middle") ? Classpaths.MIDDLE : Classpaths.FLOOR,
        Runtime.version().feature());
  }

  /** One that takes so many streams on a connection. */
  private Jvm server(int streams, String name) {
    Jvm server = world.flakyServer(name, "streams=" + streams).start();
    server.awaitPort();
    return server;
  }

  private void servers(int streams, String... names) {
    for (String name : names) {
      Jvm unused = server(streams, name);
    }
  }

  private LoadResult awaitHeld(Jvm client, int streams) {
    await("all are answered: " + client.ask("held"))
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> client.load("held").ok() >= streams);
    LoadResult held = client.load("held");
    assertThat(held.failures()).as(() -> client.described("" + held)).isZero();
    return held;
  }

  @ParameterizedTest(name = "gRPC {0}")
  @ValueSource(strings = "newest")
  @ThoroughRows({"1.22", "middle"})
  void streams_spread_over_all_instances_and_one_connection_more(String version) {
    on(version);
    servers(100, "a", "b", "c");
    Jvm client = world.loadClient().start();
    client.awaitInstances(3);

    // At once, on a channel that has no connection yet.
    LoadResult unused = client.load("hold n=350");
    LoadResult held = awaitHeld(client, 350);

    assertThat(held.okBy()).as("each has its hundred").hasSize(3);
    assertThat(held.okBy().values()).allMatch(streams -> streams >= 100);
    // Everybody is taken: by what goes on after one has ended, it is known that it has.
    LoadResult calls = client.load("calls n=200");
    assertThat(calls.failures()).as(() -> client.described("" + calls)).isZero();
    assertThat(client.stderr()).as("nothing to say").hasSize(1);
  }

  /** A channel connects to two first, so that one for a single call is cheap. */
  @Thorough
  @ParameterizedTest(name = "gRPC {0}")
  @ValueSource(strings = "newest")
  @ThoroughRows({"1.22", "middle"})
  void a_new_channel_has_a_stream_with_each_before_it_has_a_connection_more(String version) {
    on(version);
    servers(1, "a", "b", "c");
    Jvm client = world.loadClient().start();
    client.awaitInstances(3);

    LoadResult unused = client.load("hold channel=target:localhost:2 n=3");

    assertThat(awaitHeld(client, 3).okBy())
        .as(() -> client.described("streams by server"))
        .isEqualTo(Map.of("a", 1, "b", 1, "c", 1));
  }

  /** Who has not answered yet counts as slower than all others, and has room all the same. */
  @Thorough
  @Test
  void one_that_answers_late_has_its_streams_before_others_have_a_connection_more() {
    on("newest");
    servers(10, "a", "b");
    Jvm client = world.loadClient().start();
    client.awaitInstances(2);
    LoadResult unused = client.load("hold n=20");
    assertThat(awaitHeld(client, 20).okBy()).containsOnlyKeys("a", "b").containsValues(10, 10);

    Jvm late = server(10, "c");
    late.ask("slow 100 1000");
    client.awaitInstances(3);
    unused = client.load("hold n=10");

    assertThat(awaitHeld(client, 30).okBy())
        .as(() -> client.described("streams by server"))
        .isEqualTo(Map.of("a", 10, "b", 10, "c late", 10));
  }

  @Thorough
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = "round_robin")
  @ThoroughRows({"p2c", "consistent_hash"})
  void what_finds_no_room_anywhere_waits_for_it_and_people_are_told(String balancer) {
    on("newest");
    servers(10, "a", "b");
    Jvm client =
        world
            .loadClient()
            .mesh("client.balance", balancer)
            .mesh("client.balance.header", "x-key")
            .mesh("client.ejection", "on")
            .mesh("client.breaker", "off")
            .start();
    client.awaitInstances(2);
    LoadResult warm =
        client.awaitAnswersBy(Set.of("a", "b"), "calls n=40 threads=1 deadline=20000");
    assertThat(warm.failures()).isZero();

    LoadResult unused = client.load("hold n=40");
    LoadResult held = awaitHeld(client, 40);
    assertThat(held.okBy()).containsOnlyKeys("a", "b").containsValues(20, 20);

    // Two connections to each are full: these wait, and are nobody's failure.
    LoadResult late = client.load("calls n=40 deadline=300 threads=40");
    assertThat(late.failures("DEADLINE_EXCEEDED"))
        .as(() -> client.described("" + late))
        .isEqualTo(40);
    assertThat(client.stderr())
        .filteredOn(line -> line.contains("pool.connections-per-instance"))
        .isNotEmpty();
    assertThat(client.stderr()).noneMatch(line -> line.contains("gets no calls"));

    client.ask("release n=20");
    await("there is room again")
        .atMost(Duration.ofSeconds(20))
        .until(() -> client.load("calls n=40").failures() == 0);
  }
}
