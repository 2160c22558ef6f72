package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.meshagent.it.harness.ClockSteps;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.Steady;
import io.meshagent.it.harness.World;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Somebody sets the wall clock while programs run. */
class ClockStepIT {

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);
  private final ClockSteps clock = new ClockSteps();

  @Test
  void a_step_of_the_wall_clock_costs_no_lease_and_no_call() {
    Duration ttl = Scenario.lasting(Duration.ofSeconds(3), Duration.ofSeconds(15));
    Jvm server =
        clock.on(world.greeterServer(0, "a")).mesh("registry.ttl", ttl.toSeconds() + "s").start();
    String key = "/services/helloworld.Greeter/127.0.0.1:" + server.awaitPort();
    Jvm load = clock.on(world.loadClient()).start();
    load.awaitInstances(1);
    long lease = ETCD.keys().get(key).get(key).lease();
    Steady steady = Steady.begin(load);
    int known = 1;

    for (Duration ahead : new Duration[] {Duration.ofHours(1), Duration.ofHours(-1)}) {
      clock.set(ahead);
      for (Jvm jvm : new Jvm[] {server, load}) {
        assertThat(jvm.wallClock())
            .as("the clock of " + jvm)
            .isCloseTo(Instant.now().plus(ahead), within(30, ChronoUnit.SECONDS));
      }
      Steady.pass(ttl.multipliedBy(2));
      assertThat(server.metrics().sum("mesh_registration_lease_losses_total"))
          .as(() -> server.described("leases lost\n" + server.metrics().text()))
          .isZero();
      assertThat(ETCD.keys().get(key).get(key).lease()).as("the lease").isEqualTo(lease);
      Steady.secondsUntil(
          "a lease that was renewed lately",
          ttl,
          () -> isBetween(0, ageOfLease(server), ttl.toSeconds() / 2.0),
          server);
      // The watch lives by no wall clock either. (An only instance that goes would be held.)
      known++;
      int expected = known;
      ETCD.keys().put("/services/other.Service/127.0.0.1:" + known, "127.0.0.1:" + known);
      Steady.secondsUntil(
          "a change", Duration.ofSeconds(5), () -> instances(load) == expected, load);
    }

    Scenario.of("wall clock stepped by an hour, forward and back")
        .saw(steady.endUnharmed() + ", 0 leases lost, the same lease throughout");
  }

  private static double ageOfLease(Jvm server) {
    return server.metrics().sum("mesh_registration_renewal_age_seconds");
  }

  private static boolean isBetween(double least, double value, double most) {
    return value >= least && value <= most;
  }

  private static int instances(Jvm load) {
    return (int) load.metrics().sum("mesh_directory_instances");
  }
}
