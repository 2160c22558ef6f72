package io.meshagent.it;

import static io.meshagent.it.harness.Steady.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.EtcdCluster;
import io.meshagent.it.harness.EtcdKeys;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.Steady;
import io.meshagent.it.harness.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** An etcd of three members loses one, by death and by a cut in the network. */
class EtcdClusterIT {

  private static final String ALL = "/services/";

  /** How long a member that was cut off may believe that it still leads, or is led. */
  private static final Duration BELIEF = Duration.ofSeconds(5);

  @AutoClose private final EtcdCluster etcd = EtcdCluster.start();
  @AutoClose private final World world = World.on(etcd);

  private final List<Jvm> servers = new ArrayList<>();
  private Jvm load;

  @Test
  void a_dead_leader_and_a_cut_off_member_cost_no_call_and_no_lease() {
    startServer();
    startServer();
    load = world.loadClient().start();
    load.awaitInstances(2);
    Map<String, EtcdKeys.Entry> before = etcd.keys(0).get(ALL);
    Steady steady = Steady.begin(load);

    int dead = etcd.leader();
    etcd.gather(dead, 3);
    assertThat(etcd.leader()).as("the one that is to die leads").isEqualTo(dead);
    etcd.member(dead).kill9();
    String afterDeath = seconds(goesOn(Duration.ZERO));
    Steady.pass(Scenario.lasting(Duration.ZERO, Duration.ofMinutes(1)));
    etcd.member(dead).restart();

    String afterCut = seconds(cutOff((etcd.leader() + 1) % 3));
    if (Scenario.isLong()) {
      afterCut += ", " + seconds(cutOff(etcd.leader())) + " (the leader)";
    }

    for (Jvm server : servers) {
      assertThat(server.metrics().sum("mesh_registration_lease_losses_total"))
          .as(() -> server.described("leases lost\n" + server.metrics().text()))
          .isZero();
    }
    assertThat(etcd.keys(etcd.leader()).get(ALL)).containsAllEntriesOf(before);
    Scenario.of("three-node etcd, leader killed, then a minority partitioned")
        .saw(
            "%s, 0 leases lost; a server started then was seen by all %s after the death, %s after"
                    .formatted(steady.endUnharmed(), afterDeath, afterCut)
                + " the cut");
  }

  /** The member to which all programs are connected is cut off from the other two. */
  private double cutOff(int member) {
    etcd.gather(member, servers.size() + 1);
    etcd.isolate(member);
    double seen = goesOn(BELIEF);
    assertThat(etcd.keys(member).isHealthy()).as("whether the minority has a leader").isFalse();
    assertThat(etcd.clients(member)).as("programs that stayed with the minority").isZero();
    Steady.pass(Scenario.lasting(Duration.ZERO, Duration.ofMinutes(1)));
    etcd.reunite();
    await("the minority is back")
        .atMost(Duration.ofSeconds(30))
        .until(() -> etcd.keys(member).isHealthy());
    return seen;
  }

  /** A server that is started now is seen by all, and everybody's lease is renewed from now on. */
  private double goesOn(Duration belief) {
    long began = System.nanoTime();
    Jvm late = startServer();
    double seen = 0;
    for (Jvm program : programs()) {
      seen =
          Steady.secondsSince(
              began,
              program + " sees all",
              Jvm.PATIENCE,
              () -> program.metrics().sum("mesh_directory_instances") == servers.size(),
              programs().toArray(new Jvm[0]));
    }
    for (Jvm server : servers) {
      double unused =
          Steady.secondsSince(
              began,
              "a renewal by " + server,
              Jvm.PATIENCE,
              () -> server == late || renewedSince(began + belief.toNanos(), server),
              server);
    }
    return seen;
  }

  private static boolean renewedSince(long nanos, Jvm server) {
    double elapsed = (System.nanoTime() - nanos) / 1e9;
    return server.metrics().sum("mesh_registration_renewal_age_seconds") < elapsed;
  }

  private List<Jvm> programs() {
    List<Jvm> all = new ArrayList<>(servers);
    all.add(load);
    return all;
  }

  private Jvm startServer() {
    Jvm server = world.greeterServer(0, "server-" + servers.size()).start();
    server.awaitPort();
    servers.add(server);
    return server;
  }
}
