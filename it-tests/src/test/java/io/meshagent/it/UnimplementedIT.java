package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of calls where a registered instance says that it does not know the method. */
@Thorough
class UnimplementedIT {

  private static final String GREETER = "helloworld.Greeter";

  private static final EtcdServer ETCD = EtcdServer.shared();

  @AutoClose
  private final World world = World.on(ETCD).with(Classpaths.NEWEST, Runtime.version().feature());

  @ParameterizedTest(name = "gRPC {0}")
  @ValueSource(strings = "newest")
  @ThoroughRows({"1.22", "middle"})
  void an_instance_without_the_service_gets_a_call_now_and_then(String version) {
    world.with(
        version.equals("newest")
            ? Classpaths.NEWEST
            : version.equals("middle") ? Classpaths.MIDDLE : Classpaths.FLOOR,
        Runtime.version().feature());
    // Registered by somebody who does not look again.
    Jvm stale = world.mutableServer("stale", "services=t.Other").withoutAgent().start();
    world.flakyServer("b").start().awaitPort();
    put(GREETER, stale, 100);
    Jvm client = world.loadClient().start();
    client.awaitInstances(2);

    awaitAnswers(client, "b");
    LoadResult result = client.load("calls n=400 rate=100");
    assertThat(result.failures("UNIMPLEMENTED: Method not found: " + GREETER))
        .as(() -> client.described(result.toString()))
        .isLessThan(20)
        .isEqualTo(result.failures());

    stale.ask("add " + GREETER);
    awaitAnswers(client, "stale");
    LoadResult both = client.load("calls n=40");
    assertThat(both.okBy()).as("from then on it gets its share").containsKeys("stale", "b");
  }

  @Test
  void what_the_registry_tells_anew_is_used_at_once() {
    Jvm stale = world.mutableServer("stale").withoutAgent().start();
    world.flakyServer("b").start().awaitPort();
    put(GREETER, stale, 100);
    Jvm client = world.loadClient().start();
    client.awaitInstances(2);
    // Long enough for pauses that are longer than what is allowed below.
    awaitAnswers(client, "b");
    LoadResult result = client.load("calls n=850 rate=100");
    assertThat(result.failures()).as(() -> client.described("" + result)).isLessThan(20);
    assertThat(client.stderr())
        .as("one line says so")
        .filteredOn(line -> line.contains("answers UNIMPLEMENTED to " + GREETER + "/SayHello"))
        .hasSize(1);

    stale.ask("add " + GREETER);
    put(GREETER, stale, 110);
    await("its new entry counts")
        .atMost(Duration.ofSeconds(5))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> client.load("calls n=10").okBy().containsKey("stale"));
  }

  @Test
  void where_all_say_so_or_to_some_requests_only_calls_go_on_as_ever() {
    Jvm a = world.mutableServer("a", "services=" + GREETER).start();
    Jvm b = world.flakyServer("b").start();
    put("t.Nowhere", a, 100);
    put("t.Nowhere", b, 100);
    Jvm client = world.loadClient().start();
    client.awaitInstances(4);
    LoadResult nowhere = client.load("calls n=100 service=t.Nowhere");
    assertThat(nowhere.failures("UNIMPLEMENTED: Method not found: t.Nowhere/SayHello"))
        .as(() -> client.described(nowhere.toString()))
        .isEqualTo(100);

    client.awaitAnswersBy(Set.of("a", "b"), "calls n=20");
    LoadResult some = client.load("calls n=100 name=unimplemented");
    assertThat(some.failures("UNIMPLEMENTED: not for this name")).isEqualTo(100);
    client.awaitAnswersBy(Set.of("a", "b"), "calls n=20");
    client.load("calls n=100 name=unimplemented");
    assertThat(client.load("calls n=20").okBy())
        .as("they answered before")
        .containsOnlyKeys("a", "b");
    assertThat(client.stderr()).as("nothing to say").hasSize(1);
  }

  /** A cold channel has one connection before the other; an instance is asked again in time. */
  private static void awaitAnswers(Jvm client, String server) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> client.load("calls n=20").okBy().containsKey(server));
  }

  private static void put(String service, Jvm server, int weight) {
    String address = "127.0.0.1:" + server.awaitPort();
    ETCD.keys()
        .put(
            "/services/" + service + "/" + address,
            "{\"Op\":0,\"Addr\":\"" + address + "\",\"Metadata\":{\"weight\":\"" + weight + "\"}}");
  }
}
