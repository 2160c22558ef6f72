package io.meshagent.it;

import static io.meshagent.it.harness.Steady.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.Steady;
import io.meshagent.it.harness.Wire;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The wire between a program and etcd fails, with and without a word. */
class CutWireIT {

  private static final String GREETER = "/services/helloworld.Greeter/127.0.0.1:";

  @AutoClose private final EtcdServer etcd = EtcdServer.start();
  @AutoClose private final Wire toClient = Wire.to(etcd);
  @AutoClose private final Wire toServer = Wire.to(etcd);
  @AutoClose private final World world = World.on(etcd);

  @Thorough
  @Test
  void what_was_compacted_while_the_watch_was_cut_is_known_soon_after() {
    world.greeterServer(0, "a").start().awaitPort();
    Jvm load = world.loadClient().mesh("etcd.endpoints", toClient.endpoint()).start();
    load.awaitInstances(1);
    Steady steady = Steady.begin(load);

    toClient.cut();
    for (int i = 0; i < 100; i++) {
      etcd.keys().put("/services/other.Service/127.0.0.1:" + (1_000 + i % 10), "127.0.0.1:" + i);
    }
    etcd.keys().delete("/services/other.Service/");
    String late = GREETER + world.greeterServer(0, "late").start().awaitPort();
    Steady.secondsUntil("the late one", Jvm.PATIENCE, () -> etcd.keys().get(late).size() == 1);
    etcd.keys().compact();
    Steady.pass(Scenario.lasting(Duration.ofSeconds(5), Duration.ofMinutes(2)));
    assertThat(instances(load)).as("what is known while the watch is cut").isEqualTo(1);
    toClient.mend();
    double known =
        Steady.secondsUntil("the late one", Duration.ofSeconds(5), () -> instances(load) == 2);

    assertThat(load.metrics().sum("mesh_directory_compactions_total")).isEqualTo(1);
    Scenario.of("compaction while the watch is cut")
        .saw(steady.endUnharmed() + ", converged " + seconds(known) + " after the wire was mended");
  }

  @Test
  void a_connection_that_swallows_everything_is_noticed_and_replaced() {
    Duration ttl = Scenario.lasting(Duration.ofSeconds(6), Duration.ofSeconds(15));
    Jvm server =
        world
            .greeterServer(0, "a")
            .mesh("registry.ttl", ttl.toSeconds() + "s")
            .mesh("etcd.endpoints", toServer.endpoint())
            .start();
    String key = GREETER + server.awaitPort();
    Jvm load = world.loadClient().mesh("etcd.endpoints", toClient.endpoint()).start();
    load.awaitInstances(1);
    long lease = etcd.keys().get(key).get(key).lease();
    Steady steady = Steady.begin(load);

    long began = System.nanoTime();
    toServer.swallow();
    toClient.swallow();
    world.greeterServer(0, "late").start().awaitPort();
    double seen =
        Steady.secondsSince(
            began, "the late one", Duration.ofSeconds(30), () -> instances(load) == 2);
    double renewed =
        Steady.secondsSince(
            began,
            "a lease that is renewed again, later than it would have ended",
            ttl.multipliedBy(2).plusSeconds(20),
            () ->
                System.nanoTime() - began > ttl.multipliedBy(2).toNanos()
                    && server.metrics().sum("mesh_registration_renewal_age_seconds")
                        < ttl.toSeconds() / 2.0);

    assertThat(server.metrics().sum("mesh_registration_lease_losses_total"))
        .as(() -> server.described("leases lost\n" + server.metrics().text()))
        .isZero();
    assertThat(etcd.keys().get(key).get(key).lease()).as("the lease").isEqualTo(lease);
    Scenario.of("connection to etcd cut without a reset (blackhole)")
        .saw(
            "%s, a new instance seen after %s, the lease of %d s kept (renewed at %s)"
                .formatted(steady.endUnharmed(), seconds(seen), ttl.toSeconds(), seconds(renewed)));
  }

  private static int instances(Jvm load) {
    return (int) load.metrics().sum("mesh_directory_instances");
  }
}
