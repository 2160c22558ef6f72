package io.meshagent.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.LiveEndpoints;
import io.meshagent.core.api.Route;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Zones;
import io.meshagent.core.balance.BalanceRule;
import io.meshagent.core.call.TestAgent;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ZonesTest {

  private final TestAgent agent = new TestAgent();
  private final Known service = new Known("a.B");
  private BalanceRule rule = BalanceRule.ROUND_ROBIN;

  /** A service of which a test says what is known. */
  private static final class Known implements Service {
    private final String name;
    private Endpoints endpoints = Endpoints.UNKNOWN;
    private Watcher watcher;

    Known(String name) {
      this.name = name;
    }

    void now(List<Instance> instances) {
      endpoints = LiveEndpoints.of(instances);
      if (watcher != null) {
        watcher.changed(this);
      }
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int index() {
      return 0;
    }

    @Override
    public Endpoints endpoints() {
      return endpoints;
    }

    @Override
    public void watch(Watcher by) {
      watcher = by;
    }

    @Override
    public void unwatch(Watcher by) {
      watcher = null;
    }
  }

  private static List<Instance> in(String zone, int count, String... facts) {
    List<Instance> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String host = "10.0." + i + "." + (zone.isEmpty() ? "0" : zone);
      Map<String, String> metadata = new HashMap<>();
      if (!zone.isEmpty()) {
        metadata.put("zone", zone);
      }
      for (int j = 0; j < facts.length; j += 2) {
        metadata.put(facts[j], facts[j + 1]);
      }
      all.add(new Instance(host, 50051, InetSocketAddress.createUnresolved(host, 50051), metadata));
    }
    return all;
  }

  @SafeVarargs
  private static List<Instance> all(List<Instance>... parts) {
    List<Instance> all = new ArrayList<>();
    for (List<Instance> part : parts) {
      all.addAll(part);
    }
    return all;
  }

  private Routes routes(long jvm, String zone) {
    return new Routes(jvm, zone, name -> rule, agent);
  }

  private Endpoints used(String zone, List<Instance> known) {
    service.now(known);
    return routes(7, zone).of(service, "http").used(service.endpoints());
  }

  private static Map<String, Integer> byZone(Endpoints used) {
    Map<String, Integer> counts = new HashMap<>();
    used.instances().forEach(each -> counts.merge(Zones.of(each), 1, Integer::sum));
    return counts;
  }

  @Test
  void a_program_uses_the_instances_of_its_own_zone() {
    Endpoints used = used("1", all(in("1", 3), in("2", 3), in("3", 3)));
    assertThat(used.instances()).isEqualTo(in("1", 3));
    assertThat(used.zones().capacities()).isEqualTo(Map.of("1", 3.0, "2", 3.0, "3", 3.0));
  }

  @Test
  void one_whose_zone_has_less_than_its_share_uses_also_zones_that_have_more() {
    assertThat(byZone(used("1", all(in("1", 1), in("2", 2), in("3", 3)))))
        .isEqualTo(Map.of("1", 1, "3", 3));
    assertThat(byZone(used("1", all(in("1", 3, "weight", "10"), in("2", 3)))))
        .as("capacity counts, not the number")
        .isEqualTo(Map.of("1", 3, "2", 3));
  }

  @Test
  void where_no_zone_is_known_or_none_may_count_all_are_used_as_ever() {
    service.now(all(in("1", 3), in("2", 3)));
    assertThat(used("", service.endpoints().instances())).isSameAs(service.endpoints());
    assertThat(used("4", all(in("1", 3), in("2", 3))))
        .as("nobody here")
        .isSameAs(service.endpoints());
    assertThat(used("1", in("", 3))).as("nobody says it").isSameAs(service.endpoints());
    assertThat(used("1", in("1", 3))).as("nobody elsewhere").isSameAs(service.endpoints());
    rule = BalanceRule.ROUND_ROBIN.among(false, 25);
    assertThat(used("1", all(in("1", 3), in("2", 3)))).isSameAs(service.endpoints());
  }

  @Test
  void who_drains_in_the_own_zone_gives_way_to_who_stays_in_another() {
    List<Instance> known = all(in("1", 3, "draining", "true"), in("2", 3));
    assertThat(used("1", known).instances()).isEqualTo(in("2", 3));
  }

  @Test
  void of_very_many_the_own_zone_has_a_subset_and_the_others_have_one() {
    List<Instance> known = all(in("1", 150), in("2", 600), in("3", 0));
    Map<String, Integer> spilling = byZone(used("1", known));
    assertThat(spilling).isEqualTo(Map.of("1", 25, "2", 25));
    assertThat(byZone(used("2", known))).isEqualTo(Map.of("2", 25));
    rule = BalanceRule.ROUND_ROBIN.among(true, 40);
    assertThat(byZone(used("1", known))).isEqualTo(Map.of("1", 40, "2", 40));
    rule = BalanceRule.ROUND_ROBIN.among(true, 1_000);
    assertThat(used("1", known).list()).hasSize(750);
  }

  @Test
  void when_the_own_zone_is_lost_all_are_used_without_a_word_of_the_directory() {
    Routes routes = routes(7, "1");
    service.now(all(in("1", 1), in("2", 1), in("3", 1)));
    Route route = routes.of(service, "http");
    assertThat(byZone(route.used(service.endpoints()))).isEqualTo(Map.of("1", 1));
    assertThat(route.reachesFurther()).isTrue();
    assertThat(byZone(route.used(service.endpoints()))).hasSize(3);
    assertThat(route.reachesFurther()).as("is nothing new").isFalse();
    agent.pass(Duration.ofSeconds(61));
    assertThat(byZone(route.used(service.endpoints()))).as("nobody needed it").hasSize(1);

    service.now(in("1", 2));
    assertThat(route.reachesFurther()).as("there is nobody else").isFalse();
  }

  @Test
  void settings_change_what_is_used_from_the_next_look_on() {
    Routes routes = routes(7, "1");
    service.now(all(in("1", 200), in("2", 200)));
    Route route = routes.of(service, "http");
    assertThat(byZone(route.used(service.endpoints()))).isEqualTo(Map.of("1", 25));
    rule = BalanceRule.ROUND_ROBIN.among(true, 30);
    routes.rulesChanged();
    assertThat(byZone(route.used(service.endpoints()))).isEqualTo(Map.of("1", 30));
    rule = BalanceRule.ROUND_ROBIN.among(false, 30);
    routes.rulesChanged();
    assertThat(byZone(route.used(service.endpoints())).values()).doesNotContain(30);
  }

  @Test
  void the_callers_are_those_that_host_what_this_program_hosts() {
    Known hosted = new Known("own.Service");
    List<Map<String, Integer>> told = new ArrayList<>();
    Callers callers = new Callers("shop", name -> hosted, agent, told::add);
    callers.hosts(List.of("own.Service/Do", "own.Service/Undo", "grpc.health.v1.Health/Check"));
    hosted.now(all(in("1", 4, "app", "shop"), in("2", 2, "app", "shop"), in("3", 9, "app", "x")));
    assertThat(told).isEmpty();
    agent.pass(Duration.ofSeconds(6));
    assertThat(told).containsExactly(Map.of("1", 4, "2", 2));

    Routes routes = routes(7, "1");
    service.now(all(in("1", 3), in("2", 3)));
    Route route = routes.of(service, "http");
    assertThat(byZone(route.used(service.endpoints()))).as("evenly").isEqualTo(Map.of("1", 3));
    routes.callers(told.get(0));
    assertThat(byZone(route.used(service.endpoints())))
        .as("two thirds of the callers have half")
        .isEqualTo(Map.of("1", 3, "2", 3));

    hosted.now(all(in("1", 4, "app", "shop"), in("2", 2, "app", "shop")));
    agent.pass(Duration.ofSeconds(6));
    assertThat(told).as("nothing new").hasSize(1);
  }

  @Test
  void of_a_hundred_or_a_thousand_that_are_near_one_that_goes_moves_at_most_one() {
    for (int size : new int[] {102, 1_000}) {
      List<Instance> known = all(in("1", size), in("2", size));
      List<Instance> before = used("1", known).instances();
      for (int gone = 0; gone < size; gone += 7) {
        List<Instance> fewer = new ArrayList<>(known);
        Instance who = fewer.remove(gone);
        List<Instance> after = new ArrayList<>(used("1", fewer).instances());
        assertThat(after).hasSize(25);
        after.removeAll(before);
        assertThat(after).as("new ones").hasSize(before.contains(who) ? 1 : 0);
      }
    }
  }
}
