package io.meshagent.core.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Instance;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.ServiceChange;
import io.meshagent.core.registry.WholeServices;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SourceMergeTest {

  private final List<String> told = new ArrayList<>();

  /** What the listener has. */
  private final Map<String, List<Instance>> has = new TreeMap<>();

  private final SourceMerge merge =
      new SourceMerge(
          new Registry.Listener() {
            @Override
            public void listed(Map<String, List<Instance>> services) {
              has.clear();
              has.putAll(services);
              told.add("listed " + ports(services));
            }

            @Override
            public void changed(List<ServiceChange> changes) {
              WholeServices.apply(has, changes);
              Map<String, List<Instance>> affected = new TreeMap<>(has);
              affected.keySet().retainAll(WholeServices.names(changes));
              told.add("changed " + ports(affected));
            }

            @Override
            public void unreachable(String why) {
              told.add("unreachable " + why);
            }
          });
  private final Registry.Listener mainListener = merge.source();
  private final Registry.Listener otherListener = merge.source();
  private final WholeServices main = new WholeServices(mainListener);
  private final WholeServices other = new WholeServices(otherListener);

  private static Map<String, List<Integer>> ports(Map<String, List<Instance>> services) {
    Map<String, List<Integer>> ports = new TreeMap<>();
    services.forEach(
        (name, all) ->
            ports.put(name, all.stream().map(Instance::port).collect(Collectors.toList())));
    return ports;
  }

  private static Map<String, List<Instance>> of(String service, int... ports) {
    List<Instance> instances = new ArrayList<>();
    for (int port : ports) {
      instances.add(
          new Instance(
              "h", port, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Map.of()));
    }
    return Map.of(service, instances);
  }

  @Test
  void the_first_list_waits_for_all_parts() {
    main.listed(of("a", 1));
    assertThat(told).isEmpty();

    other.listed(of("a", 2));

    assertThat(told).containsExactly("listed {a=[2, 1]}");
  }

  @Test
  void a_change_of_one_part_leaves_the_other_in() {
    main.listed(of("a", 1));
    other.listed(of("a", 2));
    told.clear();

    other.changed(of("a", 3, 4));
    other.changed(of("a"));
    main.changed(of("b", 5));
    main.listed(of("b", 6));

    assertThat(told)
        .containsExactly(
            "changed {a=[1, 3, 4]}", "changed {a=[1]}", "changed {b=[5]}", "listed {b=[6]}");
  }

  @Test
  void an_instance_of_two_parts_is_gone_when_both_have_lost_it() {
    main.listed(of("a", 1));
    other.listed(of("a", 1, 2));
    told.clear();

    main.changed(of("a"));
    other.changed(of("a", 2));

    assertThat(told).containsExactly("changed {a=[1, 2]}", "changed {a=[2]}");
  }

  @Test
  void a_part_that_cannot_be_listed_does_not_hold_back_the_others() {
    main.listed(of("a", 1));
    otherListener.unreachable("refused");
    main.changed(of("a", 2));
    main.listed(of("b", 3));
    assertThat(told)
        .containsExactly(
            "changed {a=[1]}",
            "unreachable refused",
            "changed {a=[2]}",
            "unreachable refused",
            "changed {a=[], b=[3]}",
            "unreachable refused");
    told.clear();

    other.listed(of("c", 4));

    assertThat(told).containsExactly("listed {b=[3], c=[4]}");
  }

  @Test
  void trouble_is_over_when_it_is_over_for_all() {
    main.listed(of("a", 1));
    other.listed(of("a", 2));
    told.clear();

    mainListener.unreachable("down");
    otherListener.unreachable("down");
    other.changed(Map.of());
    main.changed(Map.of());

    assertThat(told)
        .containsExactly(
            "unreachable down", "unreachable down", "changed {}", "unreachable down", "changed {}");
  }
}
