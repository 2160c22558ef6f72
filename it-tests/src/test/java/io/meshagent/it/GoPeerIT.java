package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.EtcdKeys;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.GoPeer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Go services with etcd's own naming package and resolver, which know nothing of us. */
@Thorough
class GoPeerIT {

  private static final String TARGET = "/services/helloworld.Greeter";
  private static final int RATE = 200;

  @AutoClose private static final EtcdServer ETCD = EtcdServer.start();
  @AutoClose private final World world = World.on(ETCD);
  @AutoClose private final GoPeer go = new GoPeer(ETCD, TARGET);

  @AfterEach
  void forget() {
    world.close();
    go.close();
    ETCD.keys().delete("/services/");
  }

  /** Both policies, for they compare addresses with what stands beside them in different ways. */
  @Test
  void go_clients_lose_nothing_while_our_servers_are_restarted() {
    Jvm a = ours("a-0");
    Jvm b = ours("b-0");
    Jvm client = go.client("round_robin", RATE);
    Jvm sticky = go.client("pick_first", RATE);
    client.await("answered by a-0");
    client.await("answered by b-0");
    for (int round = 1; round <= Scenario.times(1, 5); round++) {
      assertThat(a.terminate()).isEqualTo(143);
      a = ours("a-" + round);
      client.await("answered by a-" + round);
      assertThat(b.terminate()).isEqualTo(143);
      b = ours("b-" + round);
      client.await("answered by b-" + round);
    }
    calls(client, RATE);
    calls(sticky, RATE);

    LoadResult result = client.load("end");
    Scenario.of("a Go client with etcd's resolver; our 2 servers restarted by SIGTERM")
        .saw(described(result));
    LoadResult stuck = sticky.load("end");
    Scenario.of("the same Go client with pick_first").saw(described(stuck));
    assertThat(result.failed()).isEmpty();
    assertThat(stuck.failed()).isEmpty();
  }

  @Test
  void our_client_calls_a_go_server_by_its_entry_and_loses_nothing_when_it_leaves() {
    Jvm first = go.server("go-1", 5);
    go.server("go-2", 5);
    ours("java");
    Map<String, EtcdKeys.Entry> entries = ETCD.keys().get(TARGET);
    assertThat(entries.get(TARGET + "/127.0.0.1:" + first.awaitPort()).value())
        .isEqualTo("{\"Op\":0,\"Addr\":\"127.0.0.1:" + first.awaitPort() + "\",\"Metadata\":null}");
    Jvm client = world.loadClient().start();
    client.await("ready");
    client.awaitInstances(3);
    client.load("begin rate=" + RATE);
    answered(client, "go-1");
    answered(client, "go-2");

    assertThat(first.terminate()).as(() -> first.described("end")).isZero();
    calls(client, RATE);
    Jvm third = go.server("go-3", 5);
    answered(client, "go-3");
    assertThat(third.terminate()).isZero();
    calls(client, RATE);

    LoadResult result = client.load("end");
    Scenario.of("our client; Go servers that come and leave by SIGTERM").saw(described(result));
    assertThat(result.failed()).isEmpty();
    assertThat(result.okBy()).containsOnlyKeys("go-1", "go-2", "go-3", "java");
  }

  private Jvm ours(String name) {
    Jvm server = world.greeterServer(0, name).mesh("registry.ttl", "3s").start();
    String key = TARGET + "/127.0.0.1:" + server.awaitPort();
    await().atMost(Jvm.PATIENCE).until(() -> ETCD.keys().get(TARGET).containsKey(key));
    return server;
  }

  private static void answered(Jvm client, String server) {
    await().atMost(Jvm.PATIENCE).until(() -> client.load("count").okBy().containsKey(server));
  }

  /** Waits until so many more calls were answered. */
  private static void calls(Jvm client, int more) {
    int before = client.load("count").ok();
    await().atMost(Jvm.PATIENCE).until(() -> client.load("count").ok() >= before + more);
  }

  private static String described(LoadResult result) {
    return "%d calls/s, %,d calls, %d failed"
        .formatted(RATE, result.ok() + result.failures(), result.failures());
  }
}
