package io.meshagent.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Instance;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndpointSelectionTest {

  private static Instance instance(int number, Map<String, String> facts) {
    String host = "10.0." + number / 250 + "." + number % 250;
    return new Instance(host, 50051, InetSocketAddress.createUnresolved(host, 50051), facts);
  }

  private static List<Instance> instances(int from, int count, Map<String, String> facts) {
    List<Instance> all = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      all.add(instance(i, facts));
    }
    return all;
  }

  private static long count(List<Instance> in, String scheme) {
    return in.stream().filter(instance -> scheme.equals(instance.scheme())).count();
  }

  @Test
  void a_few_of_another_scheme_are_not_lost_among_many() {
    List<Instance> all = instances(0, 200, Map.of("scheme", "http"));
    all.addAll(instances(200, 5, Map.of("scheme", "https")));
    for (long jvm = 0; jvm < 100; jvm++) {
      List<Instance> selected = new EndpointSelection(jvm).select(all);
      assertThat(count(selected, "http")).isEqualTo(25);
      assertThat(count(selected, "https")).isEqualTo(5);
    }
  }

  @Test
  void who_leaves_stays_for_a_scheme_that_has_nobody_else() {
    List<Instance> all = instances(0, 3, Map.of("scheme", "http"));
    all.addAll(instances(3, 2, Map.of("scheme", "https", "draining", "true")));
    List<Instance> selected = new EndpointSelection(1).select(all);
    assertThat(count(selected, "http")).isEqualTo(3);
    assertThat(count(selected, "https")).isEqualTo(2);
  }

  @Test
  void of_one_scheme_a_stable_subset_is_taken_when_they_are_many() {
    List<Instance> all = instances(0, 101, Map.of());
    List<Instance> selected = new EndpointSelection(7).select(all);
    assertThat(selected).hasSize(25).isEqualTo(new EndpointSelection(7).select(all));
    assertThat(new EndpointSelection(7).select(all.subList(0, 100))).hasSize(100);
  }
}
