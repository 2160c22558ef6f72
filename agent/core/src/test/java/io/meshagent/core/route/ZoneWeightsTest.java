package io.meshagent.core.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ZoneWeightsTest {

  @Test
  void a_zone_with_its_share_keeps_its_calls() {
    assertThat(ZoneWeights.remoteFactor(3, 6, Map.of("a", 10, "b", 10, "c", 10), "a", 3)).isZero();
    assertThat(ZoneWeights.remoteFactor(3, 6, Map.of(), "a", 3)).isZero();
  }

  @Test
  void a_zone_with_too_few_instances_hands_on_so_much_that_all_are_equally_loaded() {
    // Two thirds of the callers, a third of the instances: half of the calls go elsewhere.
    double factor = ZoneWeights.remoteFactor(2, 4, Map.of("a", 20, "b", 10), "a", 2);
    assertThat(4 * factor).isCloseTo(2, within(1e-9));
  }

  @Test
  void a_zone_without_instances_hands_all_on() {
    assertThat(ZoneWeights.remoteFactor(0, 4, Map.of("a", 20), "a", 1)).isEqualTo(1);
  }
}
