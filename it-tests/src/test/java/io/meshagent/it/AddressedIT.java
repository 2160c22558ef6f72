package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Metrics;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Ring;
import io.meshagent.it.tools.ring.Thorough;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A program that dials several instances of a service by their addresses means just those. */
class AddressedIT {

  private static final String SAID = "several instances of helloworld.Greeter by their addresses";

  @AutoClose
  private final World world = World.local().with(Classpaths.NEWEST, Runtime.version().feature());

  private Jvm b;
  private String toA;
  private String toB;
  private String toC;

  static Stream<String> versions() {
    return Ring.rows(List.of(Classpaths.NEWEST), List.of(Classpaths.FLOOR, Classpaths.MIDDLE));
  }

  private Jvm start(String keep) {
    toA = " channel=address:localhost:" + world.flakyServer("a").start().awaitPort();
    b = world.flakyServer("b").start();
    toB = " channel=address:127.0.0.1:" + b.awaitPort();
    toC = " channel=target:dns:///127.0.0.1:" + world.flakyServer("c").start().awaitPort();
    Jvm client = world.loadClient().mesh("discover.keep-addressed", keep).start();
    client.awaitInstances(3);
    return client;
  }

  private static void assertAnsweredBy(Jvm client, String shard, String channel) {
    LoadResult result = client.load("calls n=30 deadline=60000" + channel);
    assertThat(result.okBy())
        .as(() -> client.described(result.toString()))
        .containsOnlyKeys(shard)
        .containsEntry(shard, 30);
  }

  @ParameterizedTest(name = "gRPC {0}")
  @MethodSource("versions")
  void each_channel_keeps_to_its_shard_while_that_is_there(String grpc) {
    world.with(grpc, Runtime.version().feature());
    Jvm client = start("auto");
    // One address alone may be as good as any other target.
    client.awaitAnswersBy(Set.of("a", "b", "c"), "calls n=30 deadline=60000" + toA);

    assertAnsweredBy(client, "b", toB);
    client.awaitAnswersBy(Set.of("a"), "calls n=30 deadline=60000" + toA);
    assertAnsweredBy(client, "c", toC);
    assertThat(client.stderr()).filteredOn(line -> line.contains(SAID)).hasSize(1);
    assertThat(Metrics.get(client.admin() + "/mesh"))
        .contains("the instance that it is built for (discover.keep-addressed)");

    int port = b.awaitPort();
    b.kill9();
    await("its calls go to the others")
        .atMost(Jvm.PATIENCE)
        .until(
            () -> client.load("calls n=30 deadline=60000" + toB).okBy().keySet(),
            Set.of("a", "c")::equals);
    assertAnsweredBy(client, "a", toA);

    world.flakyServer("b", "port=" + port).start().awaitPort();
    await("and back to it")
        .atMost(Jvm.PATIENCE)
        .until(
            () -> client.load("calls n=30 deadline=60000" + toB).okBy().keySet(),
            Set.of("b")::equals);
    assertAnsweredBy(client, "a", toA);
    assertThat(client.stderr()).filteredOn(line -> line.contains(SAID)).hasSize(1);
  }

  @Thorough
  @Test
  void an_address_is_a_target_like_any_other_where_the_operator_says_so() {
    Jvm client = start("never");

    for (String channel : List.of(toA, toB)) {
      client.awaitAnswersBy(Set.of("a", "b", "c"), "calls n=30 deadline=60000" + channel);
    }
    assertThat(client.stderr()).noneMatch(line -> line.contains(SAID));
  }

  @Thorough
  @Test
  void one_channel_keeps_to_its_address_where_the_operator_says_so() {
    Jvm client = start("always");

    assertAnsweredBy(client, "a", toA);
  }
}
