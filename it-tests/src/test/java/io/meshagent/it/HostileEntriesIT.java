package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.EtcdKeys;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever may write into etcd can neither stop nor blind nor lead astray the others. */
class HostileEntriesIT {

  /** Each has 1 MB, and all are in the page that is asked for first; an answer may have 8 MB. */
  private static final int LARGE = Scenario.many(70);

  /** Its own: what was written stays in its file, deleted or not. */
  @AutoClose private final EtcdServer etcd = EtcdServer.start();

  @AutoClose private final World world = World.on(etcd);

  private int port;

  /** One program, and two more addresses of it: three instances that are well. */
  @BeforeEach
  void startServer() {
    port = world.flakyServer("good").start().awaitPort();
    register("127.0.0.2:" + port);
    register("127.0.0.3:" + port);
  }

  private void register(String address) {
    etcd.keys().put("/services/helloworld.Greeter/" + address, address);
  }

  private static List<String> warnings(Jvm jvm) {
    return jvm.stderr().stream().filter(line -> line.contains("[mesh-agent] warn")).toList();
  }

  private static void callsGoToTheGood(Jvm client) {
    LoadResult result = client.awaitAnswersBy(Set.of("good"), "calls n=30");
    assertThat(result.ok()).isEqualTo(30);
  }

  @Test
  void a_page_that_is_larger_than_any_answer_hides_nobody() {
    Jvm early = world.loadClient().option("-Xmx128m").start();
    early.awaitInstances(3);
    flood("/services/x/", LARGE, "y".repeat(1_000_000));

    Jvm client = world.loadClient().option("-Xmx128m").start();
    client.awaitInstances(3);
    callsGoToTheGood(client);
    assertThat(client.metrics().sum("mesh_directory_entries_left_out")).isEqualTo(LARGE);
    assertThat(client.metrics().sum("mesh_directory_healthy")).isEqualTo(1);
    assertThat(client.metrics().sum("mesh_directory_list_failures_total")).isZero();
    assertThat(warnings(client))
        .singleElement()
        .asString()
        .contains(LARGE + " entries of etcd below /services", "/services/x/", "too long");

    register("127.0.0.4:" + port);
    early.awaitDirectory(4);
    client.awaitDirectory(4);
  }

  @Thorough
  @Test
  void more_than_the_memory_can_hold_ends_nobody() {
    String label = "y".repeat(60_000);
    EtcdKeys keys = etcd.keys();
    for (int i = 0; i < 3_000; i++) {
      String address = "127.0.0.1:" + (10_000 + i);
      keys.put(
          "/services/a.Flood/" + address,
          "{\"Op\":0,\"Addr\":\""
              + address
              + "\",\"Mesh\":{\"labels\":{\"l\":\""
              + i
              + label
              + "\"}}}");
    }

    Jvm client =
        world.loadClient().option("-Xmx128m").option("-XX:+ExitOnOutOfMemoryError").start();
    client.load("calls n=1 service=warm.Up");
    await("the good ones are known")
        .atMost(Jvm.PATIENCE)
        .until(() -> client.metrics().sum("mesh_directory_services") == 2);
    callsGoToTheGood(client);

    assertThat(client.metrics().sum("mesh_directory_entries_left_out")).isBetween(2_000.0, 2_999.0);
    assertThat(warnings(client))
        .singleElement()
        .asString()
        .contains("most of them below /services/a.Flood/", "discover.max-megabytes");
  }

  @Thorough
  @Test
  void an_address_that_nobody_may_call_gets_no_calls() {
    for (String address : List.of("169.254.169.254:80", "[::ffff:169.254.1.1]:80", "[ff02::1]:1")) {
      register(address);
    }

    Jvm client = world.loadClient().start();
    client.awaitInstances(3);
    callsGoToTheGood(client);
    assertThat(client.metrics().sum("mesh_directory_entries_forbidden")).isEqualTo(3);
    assertThat(warnings(client))
        .hasSize(3)
        .allMatch(line -> line.contains("discover.allow-addresses"))
        .anyMatch(line -> line.contains("169.254.169.254:80 of helloworld.Greeter"));

    Jvm strict = world.loadClient().mesh("discover.allow-addresses", "10.0.0.0/8").start();
    strict.load("calls n=1 service=warm.Up");
    await("all are forbidden")
        .atMost(Jvm.PATIENCE)
        .until(() -> strict.metrics().sum("mesh_directory_entries_forbidden") == 6);
    assertThat(strict.metrics().sum("mesh_directory_instances")).isZero();
  }

  private void flood(String prefix, int count, String value) {
    for (int i = 0; i < count; i++) {
      etcd.keys().put(prefix + String.format("%05d", i), value);
    }
  }
}
