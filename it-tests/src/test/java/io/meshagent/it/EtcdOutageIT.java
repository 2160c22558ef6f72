package io.meshagent.it;

import static io.meshagent.it.harness.Fleet.counts;
import static io.meshagent.it.harness.Fleet.seconds;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Fleet;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Thorough;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What calls notice of an etcd that is away, wiped or frozen: nothing. Who runs it may ask for a
 * long outage, so it has a limit of its own.
 */
@Timeout(value = 2, unit = TimeUnit.DAYS)
class EtcdOutageIT {

  private static final int RATE = Scenario.many(200);

  /** So short that every lease ends within the outage. */
  private static final Duration TTL = Scenario.lasting(ofSeconds(3), ofSeconds(15));

  @AutoClose private final EtcdServer etcd = EtcdServer.start();
  @AutoClose private final World world = World.on(etcd);
  private Fleet fleet;

  @BeforeEach
  void startFleet() {
    fleet = new Fleet(world, etcd, TTL);
    fleet.begin(RATE, 0);
  }

  private static Duration outage() {
    Duration asked = Duration.parse("PT" + Places.setting("mesh.outage", "0s"));
    return asked.isZero() ? Scenario.lasting(ofSeconds(8), ofMinutes(2)) : asked;
  }

  @Thorough
  @Test
  void etcd_stopped_while_a_server_dies_and_back() {
    etcd.stop();
    fleet.pass(ofSeconds(1));
    assertThat(fleet.count().failures()).isZero();
    int inFlight = fleet.inFlightWhile(RATE, fleet.server("c")::kill9);
    fleet.pass(outage());
    assertThat(fleet.fewest()).as("nothing is forgotten").isEqualTo(3);
    LoadResult down = fleet.count();

    etcd.restart();
    Duration registered = fleet.awaitRegistered(ofSeconds(10), "a", "b");
    Duration gone =
        fleet.awaitSoon(TTL.plusSeconds(30), () -> !fleet.isRegistered("c") && fleet.known() == 2);
    fleet.pass(ofSeconds(1));
    LoadResult result = fleet.end();

    assertThat(fleet.held()).isZero();
    assertThat(fleet.fewest()).as("the living are never dropped").isEqualTo(2);
    assertThat(result.failures()).as("none after the death").isEqualTo(down.failures());
    assertThat(result.failures())
        .as(() -> "but those in flight: " + fleet.client().described(result.toString()))
        .isLessThanOrEqualTo(inFlight)
        .isEqualTo(result.failures("UNAVAILABLE"));
    Scenario.of("etcd stopped, one server killed meanwhile, etcd back")
        .saw(
            counts(RATE, result)
                + " (in flight on the killed one); etcd away for "
                + seconds(outage())
                + "; the living registered "
                + seconds(registered)
                + " after its return, the dead one gone after "
                + seconds(registered.plus(gone)));
  }

  @Test
  void etcd_stopped_then_started_empty() {
    etcd.wipe();
    Duration registered = fleet.awaitRegistered(ofSeconds(15), "a", "b", "c");
    Duration complete =
        fleet.awaitSoon(
            ofSeconds(15).minus(registered), () -> fleet.known() == 3 && fleet.held() == 0);
    fleet.pass(Scenario.lasting(ofSeconds(12), ofSeconds(40)));
    LoadResult result = fleet.end();

    fleet.hasNoFailure(result);
    assertThat(fleet.fewest()).as("what the client knew").isEqualTo(3);
    assertThat(fleet.held()).isZero();
    Scenario.of("etcd stopped, then started empty")
        .saw(
            counts(RATE, result)
                + "; all registered after "
                + seconds(registered)
                + ", directory complete after "
                + seconds(registered.plus(complete))
                + ", never fewer than 3 instances");
  }

  @Thorough
  @Test
  void etcd_frozen() {
    int lost = fleet.leasesLost("a", "b", "c");
    etcd.signal("STOP");
    fleet.pass(Scenario.lasting(ofSeconds(10), ofSeconds(60)));
    etcd.signal("CONT");
    fleet.pass(ofSeconds(2));
    Duration registered = fleet.awaitRegistered(ofSeconds(15), "a", "b", "c");
    Duration complete = fleet.awaitSoon(ofSeconds(30), () -> fleet.held() == 0);
    assertThat(fleet.fewest()).as("what the client knew").isEqualTo(3);
    assertThat(fleet.leasesLost("a", "b", "c")).as("leases ended").isGreaterThanOrEqualTo(lost + 3);

    fleet.add("d").awaitPort();
    // What loads its classes meanwhile is not what is asked here: that takes as long as it takes.
    Duration entered = fleet.awaitRegistered(ofSeconds(15), "d");
    Duration seen = entered.plus(fleet.awaitSoon(ofSeconds(5), () -> fleet.known() == 4));
    fleet.awaitSoon(ofSeconds(5), () -> fleet.count().okBy().containsKey("d"));
    LoadResult result = fleet.end();

    fleet.hasNoFailure(result);
    Scenario.of("etcd frozen (SIGSTOP)")
        .saw(
            counts(RATE, result)
                + "; frozen for "
                + seconds(Scenario.lasting(ofSeconds(10), ofSeconds(60)))
                + "; all registered and nothing held "
                + seconds(ofSeconds(2).plus(registered).plus(complete))
                + " after it went on; a new instance seen after "
                + seconds(seen));
  }
}
