package io.meshagent.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Attempts;
import io.meshagent.core.api.Balancer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoundRobinTest {

  @Test
  void every_instance_has_its_turn() {
    Balancer.Picker picker = new RoundRobin().picker(new Attempts[3]);
    int[] picks = new int[3];

    for (int i = 0; i < 300; i++) {
      picks[picker.pick()]++;
    }

    assertThat(picks).containsOnly(100);
  }

  @Test
  void pickers_begin_at_different_instances() {
    Set<Integer> first = new HashSet<>();

    for (int i = 0; i < 1_000; i++) {
      first.add(new RoundRobin().picker(new Attempts[4]).pick());
    }

    assertThat(first).containsExactlyInAnyOrder(0, 1, 2, 3);
  }
}
