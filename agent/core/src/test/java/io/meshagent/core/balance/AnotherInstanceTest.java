package io.meshagent.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Instance;
import io.meshagent.core.balance.BalanceRule.EjectionMode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AnotherInstanceTest extends ServiceBalancerFixture {

  /** A retry of a call that has met these, by port. */
  private static Attempt retryOf(Integer... met) {
    return new Attempt() {
      @Override
      public String method() {
        return "a.B/C";
      }

      @Override
      public String header(String name) {
        return name.equals("x-key") ? "one" : null;
      }

      @Override
      public int number() {
        return met.length;
      }

      @Override
      public boolean hasTried(Instance instance) {
        return List.of(met).contains(instance.address().getPort());
      }

      @Override
      public double chance() {
        return 0;
      }

      @Override
      public boolean hasTriedAny() {
        return true;
      }
    };
  }

  @ParameterizedTest
  @EnumSource(BalancerKind.class)
  void a_retry_goes_to_an_instance_that_its_call_has_not_met_if_there_is_one(BalancerKind kind) {
    ServiceBalancer balancer =
        balancer(new BalanceRule(kind, "x-key", EjectionMode.OFF, EjectionSettings.DEFAULT, 0));
    Connected connected =
        new Connected(
            balancer, endpoint(1, "900"), endpoint(2, "100"), endpoint(3, "100"), endpoint(4, "0"));
    Balancer.Picker picker = balancer.picker(connected);
    for (int i = 0; i < 200; i++) {
      assertThat(picker.pick(retryOf(1))).as("not the one that weighs most").isIn(1, 2);
      assertThat(picker.pick(retryOf(1, 3))).isEqualTo(1);
      assertThat(picker.pick(retryOf(1, 2, 3))).as("any, but none that weighs 0").isNotEqualTo(3);
    }
  }

  @Test
  void retries_take_nobodys_turn() {
    ServiceBalancer balancer = balancer(BalanceRule.ROUND_ROBIN);
    Connected connected = new Connected(endpoint(1, "100"), endpoint(2, "100"), endpoint(3, "100"));
    Balancer.Picker picker = balancer.picker(connected);
    int bad = 0;
    for (int i = 0; i < 300; i++) {
      if (picker.pick(Attempt.ANY) == 0) {
        bad++;
        assertThat(picker.pick(retryOf(1))).isIn(1, 2);
      }
    }
    assertThat(bad).isEqualTo(100);
  }
}
