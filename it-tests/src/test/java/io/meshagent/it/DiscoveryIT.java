package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdKeys;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Ports;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where calls go: to the instances of the called service, whatever the channel was built for. */
class DiscoveryIT {

  private static final EtcdServer ETCD = EtcdServer.shared();

  @AutoClose
  private final World world = World.on(ETCD).with(Classpaths.NEWEST, Runtime.version().feature());

  private Jvm load;

  @BeforeEach
  void startClient() {
    load = world.loadClient().start();
  }

  @Test
  void any_channel_reaches_the_instances() {
    world.flakyServer("a").start().awaitPort();
    world.flakyServer("b").start().awaitPort();
    load.awaitInstances(2);
    for (String channel :
        new String[] {
          "target:localhost:1",
          "address:localhost:1",
          "target:dns:///does-not-exist:50051",
          "grpc:localhost:1"
        }) {
      LoadResult result = load.awaitAnswersBy(Set.of("a", "b"), "calls n=40 channel=" + channel);
      assertThat(result.ok()).as(channel).isEqualTo(40);
    }
  }

  @Test
  void a_service_that_nobody_registered_goes_to_the_original_target() {
    world.flakyServer("a").start().awaitPort();
    Jvm plain =
        world.flakyServer("plain", "services=plain.Only,helloworld.Greeter").withoutAgent().start();
    String channel = " channel=target:localhost:" + plain.awaitPort();
    load.awaitInstances(1);
    assertThat(load.load("calls n=20 service=plain.Only" + channel).okBy())
        .as(() -> load.described("the unregistered service"))
        .containsEntry("plain", 20);
    assertThat(load.load("calls n=20" + channel).okBy())
        .as("the registered one, on the same channel")
        .containsEntry("a", 20);
  }

  @Thorough
  @Test
  void a_new_instance_is_seen_at_once() {
    world.flakyServer("a").start().awaitPort();
    Jvm late = world.flakyServer("late").withoutAgent().start();
    String address = "127.0.0.1:" + late.awaitPort();
    load.awaitInstances(1);
    load.load("calls n=5");
    load.metrics();
    // A server without the agent, registered by hand: the moment of the change is known.
    ETCD.keys()
        .put(
            "/services/helloworld.Greeter/" + address,
            "{\"Op\":0,\"Addr\":\"" + address + "\",\"Metadata\":null}");
    // A tenth of a second is the promise; a busy machine gets some more, no polling would do.
    await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(Duration.ofSeconds(1))
        .until(() -> instances() == 2);
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> load.load("calls n=10").okBy().containsKey("late"));

    ETCD.keys().delete("/services/helloworld.Greeter/" + address);
    await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(Duration.ofSeconds(1))
        .until(() -> instances() == 1);
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> load.load("calls n=10").okBy().keySet().equals(Set.of("a")));
  }

  @Thorough
  @Test
  void an_instance_that_starts_again_where_it_was_gets_calls_at_once() {
    Jvm first = world.flakyServer("first", "port=" + Ports.free()).start();
    int port = first.awaitPort();
    world.flakyServer("other").start().awaitPort();
    load.awaitInstances(2);
    load.awaitAnswersBy(Set.of("first", "other"), "calls n=10");
    long lease = leaseOf(port);
    first.kill9();
    // By now the client's pauses between two tries are longer than what is allowed below.
    assertThat(load.load("calls n=320 rate=20").okBy()).containsKey("other");

    world.flakyServer("second", "port=" + port).start().awaitPort();
    await("the second's own entry")
        .atMost(Jvm.PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> leaseOf(port), now -> now != 0 && now != lease);

    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> load.load("calls n=10").okBy().containsKey("second"));
  }

  @Thorough
  @ParameterizedTest
  @ValueSource(strings = "newest")
  @ThoroughRows("1.22")
  void servers_that_come_and_go_in_order_cost_no_call(String grpc) {
    world.with(
        grpc.equals("newest") ? Classpaths.NEWEST : Classpaths.FLOOR, Runtime.version().feature());
    Jvm a = world.greeterServer(0, "a").start();
    a.awaitPort();
    Jvm client = world.loadClient().start();
    client.awaitInstances(1);
    client.load("begin rate=100");
    await().atMost(Jvm.PATIENCE).until(() -> client.load("count").okBy().containsKey("a"));
    Jvm b = world.greeterServer(0, "b").start();
    b.awaitPort();
    client.awaitInstances(2);
    a.terminate();
    await().atMost(Jvm.PATIENCE).until(() -> client.load("count").okBy().containsKey("b"));
    LoadResult result = client.load("end");
    assertThat(result.failures()).as(() -> client.described(result.toString())).isZero();
    assertThat(result.okBy()).containsOnlyKeys("a", "b");
  }

  /** Of the entry with this port; 0 if there is none. */
  private long leaseOf(int port) {
    String key = "/services/helloworld.Greeter/127.0.0.1:" + port;
    EtcdKeys.Entry entry = ETCD.keys().get(key).get(key);
    return entry == null ? 0 : entry.lease();
  }

  private int instances() {
    return (int) load.metrics().sum("mesh_directory_instances");
  }
}
