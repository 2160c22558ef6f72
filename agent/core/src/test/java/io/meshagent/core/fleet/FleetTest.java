package io.meshagent.core.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.balance.BalancerKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the tables of the docs say in short; the clock is simulated, so a minute takes a moment. */
class FleetTest {

  @Test
  void of_eleven_one_that_is_slow_and_one_that_fails_cost_p2c_with_ejection_next_to_nothing() {
    CallLog log = FleetTables.elevenServers(BalancerKind.P2C, true, 60);
    assertThat(log.successRate()).isGreaterThan(99.9);
    assertThat(log.latency(0.99)).as("ms").isLessThan(100);
  }

  @Test
  void without_ejection_p2c_leaves_them_out_too() {
    CallLog log = FleetTables.elevenServers(BalancerKind.P2C, false, 60);
    assertThat(log.shareOfBad(10, 60)).as("percent, of 18 for their share").isLessThan(1);
  }

  @ParameterizedTest
  @EnumSource
  void with_ejection_every_balancer_keeps_off_them(BalancerKind kind) {
    CallLog log = FleetTables.elevenServers(kind, true, 60);
    assertThat(log.shareOfBad(10, 60)).as("percent").isLessThan(0.2);
  }
}
