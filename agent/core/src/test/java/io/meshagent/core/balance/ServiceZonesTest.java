package io.meshagent.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.balance.BalanceRule.EjectionMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceZonesTest extends ServiceBalancerFixture {

  @Test
  void zones_get_their_shares_whatever_part_of_them_is_connected() {
    ServiceBalancer balancer = balancer(BalanceRule.ROUND_ROBIN);
    // A third of all callers has a sixth of all: half of its calls stay, zone b hands none on.
    Connected connected =
        new Connected(inZone(1, "a"), inZone(2, "a"), inZone(3, "c"))
            .ofZones(Map.of("a", 20.0, "b", 40.0, "c", 60.0));
    Balancer.Picker picker = balancer.picker(connected);
    List<int[]> thousands = List.of(picks(picker, 3), picks(picker, 3), picks(picker, 3));
    // A weight of a half is 32,768 of 65,535, so a turn comes early once in 65,535 rounds, which
    // begin anywhere: in one of the three, or at the seam of two.
    assertThat(thousands).anySatisfy(each -> assertThat(each).containsExactly(250, 250, 500));
    assertThat(thousands)
        .allSatisfy(
            each -> {
              assertThat(each[0]).isBetween(249, 251);
              assertThat(each[1]).isBetween(249, 251);
              assertThat(each[2]).isBetween(499, 501);
            });
    assertThat(balancer.byZone()).isEqualTo(Map.of("a", 0.5, "c", 0.5));
    assertThat(balancer.isWide()).isFalse();
  }

  @Test
  void where_the_own_zone_fails_all_are_used_at_once_and_given_up_when_it_is_well_again() {
    ServiceBalancer balancer =
        balancer(rule(BalancerKind.ROUND_ROBIN, EjectionMode.ON, Duration.ZERO));
    Map<String, Double> capacities = Map.of("a", 1.0, "b", 1.0, "c", 1.0);
    Endpoint near = inZone(1, "a");
    balancer.knows(Endpoints.of(List.of(near, inZone(2, "b"), inZone(3, "c"))));
    Connected connected = new Connected(near).ofZones(capacities);
    connected.statistics.add(balancer.statistics(near.instance()));
    assertThat(picks(balancer.picker(connected), 1)).containsExactly(1_000);
    assertThat(balancer.isWide()).isFalse();

    connected.fails(0, 7);
    assertThat(published).isEqualTo(1);
    assertThat(picks(balancer.picker(connected), 1)).as("nobody else is connected").contains(1_000);
    assertThat(balancer.isWide()).isTrue();
    assertThat(published).as("has the channel connect to others").isEqualTo(2);

    Connected wide = new Connected(near, inZone(2, "b"), inZone(3, "c")).ofZones(capacities);
    wide.endpoints.forEach(each -> wide.statistics.add(balancer.statistics(each.instance())));
    assertThat(picks(balancer.picker(wide), 3)).containsExactly(0, 500, 500);
    agent.pass(Duration.ofSeconds(31));
    assertThat(balancer.isWide()).as("may still be needed").isTrue();
    assertThat(picks(balancer.picker(wide), 3)[0]).as("a probe").isEqualTo(1);
    wide.end(0, Code.OK);
    assertThat(picks(balancer.picker(wide), 3)).containsExactly(1_000, 0, 0);
    agent.pass(Duration.ofSeconds(31));
    agent.pass(Duration.ofSeconds(31));
    assertThat(balancer.isWide()).isFalse();
  }

  @Test
  void what_can_not_be_reached_makes_its_zone_smaller() {
    ServiceBalancer balancer = balancer(BalanceRule.ROUND_ROBIN);
    Endpoint gone = inZone(4, "a");
    Connected connected =
        new Connected(inZone(1, "a"), inZone(2, "b"), inZone(3, "b"), gone)
            .ofZones(Map.of("a", 2.0, "b", 2.0));
    Connected reached = new Connected(inZone(1, "a"), inZone(2, "b"), inZone(3, "b"));
    reached.used = connected.used;
    assertThat(picks(balancer.picker(reached), 3)).containsExactly(1_000, 0, 0);
    reached.unreachable = List.of(gone);
    int[] picks = picks(balancer.picker(reached), 3);
    // One of three is left to half of the callers.
    assertThat(picks[0]).isBetween(660, 670);
    assertThat(balancer.isWide()).isTrue();
  }
}
