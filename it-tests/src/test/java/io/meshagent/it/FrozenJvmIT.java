package io.meshagent.it;

import static io.meshagent.it.harness.Fleet.seconds;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Fleet;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.World;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A JVM that stands still for longer than its lease: a pause of its host, or of its collector. */
class FrozenJvmIT {

  private static final int RATE = Scenario.many(200);
  private static final int DEADLINE_MILLIS = 3_000;
  private static final Duration TTL = Scenario.lasting(ofSeconds(6), ofSeconds(15));

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  @Test
  void jvm_frozen_for_twice_its_ttl_then_continued() {
    Fleet fleet = new Fleet(world, ETCD, TTL);
    fleet.begin(RATE, DEADLINE_MILLIS);
    fleet.server("a").signal("STOP");
    Duration ended =
        fleet.awaitSoon(TTL.plusSeconds(5), () -> !fleet.isRegistered("a") && fleet.known() == 2);
    // What was sent before the lease ended hangs until its deadline.
    fleet.pass(Duration.ofMillis(DEADLINE_MILLIS + 500));
    LoadResult sentBefore = fleet.count();
    Duration rest = TTL.multipliedBy(2).minus(ended).minusMillis(DEADLINE_MILLIS + 500);
    fleet.pass(rest.compareTo(ofSeconds(1)) < 0 ? ofSeconds(1) : rest);
    LoadResult frozen = fleet.count();
    assertThat(frozen.failures())
        .as("after the lease's end no call goes there")
        .isEqualTo(sentBefore.failures());

    fleet.server("a").signal("CONT");
    Duration registered = fleet.awaitRegistered(ofSeconds(5), "a");
    fleet.awaitSoon(
        ofSeconds(5), () -> fleet.count().okBy().get("a") > frozen.okBy().get("a") + 10);
    LoadResult result = fleet.end();

    assertThat(result.failures())
        .as(() -> "none after it went on: " + fleet.client().described(result.toString()))
        .isEqualTo(sentBefore.failures());
    assertThat(result.failures("DEADLINE_EXCEEDED"))
        .as(() -> fleet.client().described(result.toString()))
        .isEqualTo(result.failures());
    assertThat(result.failures(":" + fleet.server("a").awaitPort() + "]"))
        .as("and those were all on the frozen one")
        .isEqualTo(result.failures());
    Scenario.of("JVM frozen (SIGSTOP) for twice its TTL, then continued")
        .saw(
            Fleet.counts(RATE, result)
                + ", all of them sent to it before its lease ended "
                + seconds(ended)
                + " after the freeze; registered again "
                + seconds(registered)
                + " after SIGCONT");
  }
}
