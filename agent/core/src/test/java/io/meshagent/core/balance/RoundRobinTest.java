package io.meshagent.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Statistics;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoundRobinTest {

  private static Balancer.Picker picker(int instances) {
    return new RoundRobin()
        .picker(
            new Balancer.Candidates() {
              @Override
              public int size() {
                return instances;
              }

              @Override
              public Endpoint endpoint(int index) {
                throw new AssertionError("it knows no difference");
              }

              @Override
              public Statistics statistics(int index) {
                throw new AssertionError("it reads none");
              }

              @Override
              public void publishAgain() {
                throw new AssertionError("it never changes its mind");
              }
            });
  }

  @Test
  void every_instance_has_its_turn() {
    Balancer.Picker picker = picker(3);
    int[] picks = new int[3];

    for (int i = 0; i < 300; i++) {
      picks[picker.pick(Attempt.ANY)]++;
    }

    assertThat(picks).containsOnly(100);
  }

  @Test
  void pickers_begin_at_different_instances() {
    Set<Integer> first = new HashSet<>();

    for (int i = 0; i < 1_000; i++) {
      first.add(picker(4).pick(Attempt.ANY));
    }

    assertThat(first).containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  @Test
  void asks_for_nothing_that_costs_a_call_something() {
    assertThat(new RoundRobin().readsStatistics()).isFalse();
    assertThat(new RoundRobin().readsAttempts()).isFalse();
  }
}
