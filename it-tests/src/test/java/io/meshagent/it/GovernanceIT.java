package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Metrics;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** One document lets all programs go, and takes them back, while calls flow. */
class GovernanceIT {

  private static final String KEY = "/mesh/policies/governance";
  private static final Duration SOON = Duration.ofSeconds(20);

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  private void governance(String word) {
    ETCD.keys().put(KEY, "governance=" + word);
  }

  private static void awaitOnly(Jvm client, String channel, String... servers) {
    await()
        .atMost(SOON)
        .until(
            () ->
                client
                    .load("calls n=20 threads=1 channel=" + channel)
                    .okBy()
                    .keySet()
                    .equals(Set.of(servers)));
  }

  @Thorough
  @Test
  void off_under_load_and_on_again_costs_no_call() {
    Jvm first = world.flakyServer("first").start();
    String channel = "target:localhost:" + first.awaitPort();
    world.flakyServer("second").start().awaitPort();
    Jvm client = world.loadClient().start();
    client.awaitInstances(2);
    awaitOnly(client, channel, "first", "second");

    // Off and on again takes less than half a second where nothing else runs.
    client.say("begin rate=500 channel=" + channel);
    governance("off");
    awaitOnly(client, channel, "first");
    assertThat(Metrics.get(client.admin() + "/mesh"))
        .as("the page says where calls go now")
        .contains("\"calls go to\": \"its own target\"")
        .doesNotContain("registered instances");
    governance("on");
    awaitOnly(client, channel, "first", "second");
    ETCD.keys().delete(KEY);
    LoadResult result = client.load("end");

    assertThat(result.failures()).as(() -> client.described(result.toString())).isZero();
    assertThat(result.ok()).isGreaterThan(50);
    assertThat(client.stderr())
        .anyMatch(line -> line.contains("governance is off now"))
        .anyMatch(line -> line.contains("governance is on now"));
  }

  @Test
  void observed_a_call_goes_where_it_went_and_what_would_be_refused_is_told() {
    Jvm first =
        world
            .flakyServer("first")
            .mesh("server.rate-limit.rate", "1/m")
            .mesh("governance", "observe")
            .start();
    String channel = "target:localhost:" + first.awaitPort();
    world.flakyServer("second").start().awaitPort();
    Jvm client = world.loadClient().mesh("governance", "observe").start();
    client.awaitInstances(2);

    LoadResult result = client.load("calls n=100 threads=2 channel=" + channel);

    assertThat(result.okBy())
        .as(() -> client.described(result.toString()))
        .containsEntry("first", 100);
    assertThat(first.metrics().sum("mesh_observed_total", "policy", "rate-limit")).isEqualTo(99);
    String told = first.awaitError(line -> line.contains("governance=observe: a call of"), SOON);
    assertThat(told).contains("would have been refused (RESOURCE_EXHAUSTED");
  }
}
