package io.meshagent.core.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.meshagent.core.api.Zones;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ZoneTargetsTest {

  private static Map<String, Double> targets(
      String own, Map<String, Double> usable, Map<String, Integer> callers) {
    return ZoneTargets.of(new Zones(own, usable, callers), usable);
  }

  @Test
  void a_zone_with_its_share_keeps_its_calls() {
    Map<String, Double> thirds = Map.of("a", 3.0, "b", 3.0, "c", 3.0);
    Map<String, Integer> everywhere = Map.of("a", 10, "b", 10, "c", 10);
    assertThat(targets("a", thirds, everywhere)).isEqualTo(Map.of("a", 1.0));
    assertThat(targets("a", thirds, Map.of())).as("nobody knows").isEqualTo(Map.of("a", 1.0));
    assertThat(targets("a", thirds, Map.of("b", 9))).as("nobody knows").hasSize(1);
    assertThat(targets("a", Map.of("a", 31.0, "b", 33.0, "c", 33.0), everywhere))
        .as("nearly its share")
        .isEqualTo(Map.of("a", 1.0));
  }

  @Test
  void a_zone_with_less_hands_the_rest_to_those_with_more_than_theirs() {
    // As many callers everywhere; a can take half of its own, b has enough for its own only.
    Map<String, Double> usable = Map.of("a", 1.0, "b", 2.0, "c", 3.0);
    assertThat(targets("a", usable, Map.of())).isEqualTo(Map.of("a", 0.5, "c", 0.5));
    assertThat(targets("b", usable, Map.of())).isEqualTo(Map.of("b", 1.0));
    assertThat(targets("c", usable, Map.of())).isEqualTo(Map.of("c", 1.0));
  }

  @Test
  void a_zone_with_nothing_left_hands_all_on() {
    Map<String, Double> usable = Map.of("a", 0.0, "b", 1.0, "c", 2.0);
    Map<String, Double> targets = targets("a", usable, Map.of());
    assertThat(targets).containsOnlyKeys("c");
    assertThat(targets.get("c")).isEqualTo(1);
  }

  @Test
  void whatever_the_zones_are_every_instance_gets_as_much_as_any_other_or_as_its_own_zone_sends() {
    Random random = new Random(5);
    for (int round = 0; round < 1_000; round++) {
      Map<String, Double> usable = new HashMap<>();
      Map<String, Integer> callers = new HashMap<>();
      double instances = 0;
      int programs = 0;
      for (String zone : new String[] {"a", "b", "c", "d"}) {
        usable.put(zone, 1.0 + random.nextInt(20));
        callers.put(zone, 1 + random.nextInt(50));
        instances += usable.get(zone);
        programs += callers.get(zone);
      }
      Map<String, Double> loads = new HashMap<>();
      for (String zone : usable.keySet()) {
        Map<String, Double> targets = targets(zone, usable, callers);
        double share = (double) callers.get(zone) / programs;
        assertThat(targets.values().stream().mapToDouble(d -> d).sum()).isCloseTo(1, within(1e-9));
        targets.forEach((to, part) -> loads.merge(to, share * part, Double::sum));
      }
      for (String zone : usable.keySet()) {
        double fair = usable.get(zone) / instances;
        assertThat(loads.get(zone)).as(usable + " " + callers).isLessThan(1.06 * fair);
      }
    }
  }
}
