package io.meshagent.it;

import static io.meshagent.it.harness.Steady.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.it.harness.EtcdCluster;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.Steady;
import io.meshagent.it.harness.World;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** An etcd of three members loses one, by death and by a cut in the network. */
class EtcdClusterIT {

  private static final String GREETER = "/services/helloworld.Greeter/127.0.0.1:";

  /** How long a new server may take from its start, that of its JVM included. */
  private static final Duration NEW_SERVER = Duration.ofSeconds(20);

  @AutoClose private final EtcdCluster etcd = EtcdCluster.start();
  @AutoClose private final World world = World.on(etcd);

  @Test
  void a_dead_leader_and_a_cut_off_member_cost_no_call_and_no_lease() {
    Jvm a = world.greeterServer(0, "a").start();
    Jvm b = world.greeterServer(0, "b").start();
    String keyOfA = GREETER + a.awaitPort();
    b.awaitPort();
    Jvm load = world.loadClient().start();
    load.awaitInstances(2);
    Steady steady = Steady.begin(load);

    int dead = etcd.leader();
    etcd.gather(dead, 3);
    long lease = etcd.keys(dead).get(keyOfA).get(keyOfA).lease();
    etcd.member(dead).kill9();
    long began = System.nanoTime();
    Jvm c = world.greeterServer(0, "c").start();
    double seenAfterDeath = secondsUntilAllSee(began, 3, a, b, c, load);
    Steady.pass(Scenario.lasting(Duration.ZERO, Duration.ofMinutes(1)));
    etcd.member(dead).restart();

    int cutOff = (etcd.leader() + 1) % 3;
    etcd.gather(cutOff, 4);
    etcd.isolate(cutOff);
    began = System.nanoTime();
    Jvm d = world.greeterServer(0, "d").start();
    double seenAfterCut = secondsUntilAllSee(began, 4, a, b, c, d, load);
    // Longer than any lease would live that was not renewed.
    Steady.pass(Scenario.lasting(Duration.ofSeconds(16), Duration.ofMinutes(1)));
    etcd.reunite();

    for (Jvm server : List.of(a, b, c, d)) {
      assertThat(server.metrics().sum("mesh_registration_lease_losses_total"))
          .as(() -> server.described("leases lost\n" + server.metrics().text()))
          .isZero();
    }
    assertThat(etcd.keys(cutOff).get(keyOfA).get(keyOfA).lease()).isEqualTo(lease);
    Scenario.of("three-node etcd, leader killed, then a minority partitioned")
        .saw(
            "%s, 0 leases lost; a server started then was seen by all %s after the death and %s"
                    .formatted(steady.endUnharmed(), seconds(seenAfterDeath), seconds(seenAfterCut))
                + " after the cut");
  }

  private static double secondsUntilAllSee(long began, int instances, Jvm... programs) {
    double last = 0;
    for (Jvm program : programs) {
      last =
          Steady.secondsSince(
              began,
              program + " sees " + instances,
              NEW_SERVER,
              () -> program.metrics().sum("mesh_directory_instances") == instances);
    }
    return last;
  }
}
