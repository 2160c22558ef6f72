package io.meshagent.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.LiveEndpoints;
import io.meshagent.core.api.Service;
import io.meshagent.core.balance.BalanceRule;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.config.KeepAddressed;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.TargetMap;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.route.rule.Routing;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoutesTest {

  private static final Map<String, String> PLAIN = Map.of("scheme", "http");
  private static final Map<String, String> TLS = Map.of("scheme", "https");

  private static final Service SERVICE =
      (Service)
          Proxy.newProxyInstance(
              Service.class.getClassLoader(),
              new Class<?>[] {Service.class},
              (proxy, method, args) -> {
                if (method.getName().equals("name")) {
                  return "a.B";
                }
                return method.getName().equals("hashCode") ? 1 : args[0] == proxy;
              });

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

  private static Endpoints known(List<Instance> instances) {
    return LiveEndpoints.of(instances);
  }

  private static Endpoints known(List<Instance> some, List<Instance> others) {
    List<Instance> all = new ArrayList<>(some);
    all.addAll(others);
    return known(all);
  }

  private static Routes routes(long jvm) {
    return new Routes(jvm, service -> BalanceRule.ROUND_ROBIN, new TestAgent());
  }

  private static Endpoints used(long jvm, String scheme, Endpoints known) {
    return routes(jvm).of(SERVICE, scheme).used(known);
  }

  @Test
  void a_few_of_another_scheme_are_all_used_by_the_channels_that_speak_it() {
    for (int plain : new int[] {100, 1_000}) {
      List<Instance> tls = instances(plain, 5, TLS);
      Endpoints known = known(instances(0, plain, PLAIN), tls);
      for (long jvm = 0; jvm < 100; jvm++) {
        assertThat(used(jvm, "https", known).instances()).isEqualTo(tls);
        assertThat(used(jvm, "http", known).instances())
            .hasSize(plain == 100 ? 100 : 25)
            .doesNotContainAnyElementsOf(tls);
        assertThat(used(jvm, null, known).instances()).as("any will do").hasSize(25);
      }
    }
  }

  @Test
  void nothing_that_speaks_the_channels_scheme_is_absent() {
    assertThat(used(0, "https", known(instances(0, 3, PLAIN)))).isSameAs(Endpoints.ABSENT);
    assertThat(used(0, "https", Endpoints.UNKNOWN)).isSameAs(Endpoints.UNKNOWN);
  }

  @Test
  void who_does_not_say_how_it_speaks_may_speak_so() {
    Endpoints known = known(instances(0, 2, Map.of()), instances(2, 2, PLAIN));
    assertThat(used(0, "http", known)).isSameAs(known);
    assertThat(used(0, "https", known).instances()).isEqualTo(instances(0, 2, Map.of()));
  }

  @Test
  void who_drains_or_weighs_nothing_is_used_only_where_nobody_else_is() {
    List<Instance> draining = instances(0, 1, Map.of("draining", "true"));
    List<Instance> weightless = instances(1, 1, Map.of("weight", "0"));
    List<Instance> willing = instances(2, 1, Map.of("weight", "0.1"));

    assertThat(used(0, "http", known(known(draining, weightless).instances(), willing)).instances())
        .isEqualTo(willing);
    assertThat(used(0, "http", known(draining, weightless)).instances())
        .containsExactly(draining.get(0), weightless.get(0));
  }

  @Test
  void who_leaves_stays_for_a_scheme_that_has_nobody_else() {
    Map<String, String> leaving = Map.of("scheme", "https", "draining", "true");
    Endpoints known = known(instances(0, 3, PLAIN), instances(3, 2, leaving));
    assertThat(used(1, "http", known).instances()).isEqualTo(instances(0, 3, PLAIN));
    assertThat(used(1, "https", known).instances()).isEqualTo(instances(3, 2, leaving));
  }

  @Test
  void who_leaves_is_none_of_the_subset() {
    List<Instance> all = instances(0, 90, Map.of());
    Endpoints known = known(all, instances(90, 200, Map.of("draining", "true")));
    assertThat(used(1, "http", known).instances()).as("of 90, all").isEqualTo(all);
  }

  @Test
  void of_very_many_a_stable_subset_is_taken_which_differs_from_jvm_to_jvm() {
    assertThat(used(7, "http", known(instances(0, 100, PLAIN))).list()).hasSize(100);
    List<Instance> all = instances(0, 1_000, PLAIN);
    List<Instance> chosen = used(7, "http", known(all)).instances();
    assertThat(chosen).hasSize(25).isEqualTo(used(7, "http", known(all)).instances());
    assertThat(used(8, "http", known(all)).instances()).isNotEqualTo(chosen);

    List<Instance> fewer = new ArrayList<>(all);
    fewer.remove(chosen.get(0));
    assertThat(used(7, "http", known(fewer)).instances())
        .hasSize(25)
        .containsAll(chosen.subList(1, 25));
  }

  @Test
  void when_one_goes_at_most_one_of_a_subset_moves_and_when_it_comes_back_all_is_as_before() {
    for (int size : new int[] {102, 1_000}) {
      List<Instance> all = instances(0, size, PLAIN);
      for (long jvm = 0; jvm < 5; jvm++) {
        List<Instance> before = used(jvm, "http", known(all)).instances();
        for (int gone = 0; gone < size; gone++) {
          List<Instance> fewer = new ArrayList<>(all);
          Instance who = fewer.remove(gone);
          List<Instance> after = new ArrayList<>(used(jvm, "http", known(fewer)).instances());
          assertThat(after).hasSize(25);
          after.removeAll(before);
          assertThat(after).as("new ones").hasSize(before.contains(who) ? 1 : 0);
        }
        assertThat(used(jvm, "http", known(all)).instances()).isEqualTo(before);
      }
    }
  }

  @Test
  void subsets_of_many_programs_load_all_instances_alike() {
    int[] chosen = new int[200];
    Endpoints known = known(instances(0, 200, PLAIN));
    for (int jvm = 0; jvm < 1_000; jvm++) {
      for (Endpoint each : used(jvm, "http", known).list()) {
        chosen[known.list().indexOf(each)]++;
      }
    }
    assertThat(Arrays.stream(chosen).min().getAsInt()).isGreaterThan(75);
    assertThat(Arrays.stream(chosen).max().getAsInt()).isLessThan(175);
  }

  @Test
  void an_event_of_ten_thousand_is_looked_through_once_for_all_channels_of_a_scheme() {
    Routes routes = routes(3);
    List<Endpoint> all = new ArrayList<>(known(instances(0, 10_000, PLAIN)).list());
    Endpoints before = Endpoints.of(all);
    Endpoints used = routes.of(SERVICE, "http").used(before);
    for (int channel = 0; channel < 1_000; channel++) {
      assertThat(routes.of(SERVICE, "http").used(before)).isSameAs(used);
    }

    all.remove(all.stream().filter(each -> !used.list().contains(each)).findFirst().get());
    List<Endpoint> after = routes.of(SERVICE, "http").used(Endpoints.of(all)).list();
    assertThat(after).hasSize(25);
    for (int i = 0; i < 25; i++) {
      assertThat(after.get(i)).as("nothing that it uses has changed").isSameAs(used.list().get(i));
    }
  }

  private static Endpoints mapped(String map, String target, Endpoints known) {
    Settings settings = TestSettings.loadText("test", "discover.map=" + map);
    assertThat(settings.problems()).isEmpty();
    TargetMap targets = settings.get(RegistryKeys.DISCOVER_MAP);
    return new Routes(
            0,
            "",
            service -> BalanceRule.ROUND_ROBIN,
            service -> Routing.NONE,
            new Targets(targets, KeepAddressed.NEVER),
            new TestAgent())
        .channel(target, "http", true, (why, services) -> {})
        .route(SERVICE)
        .used(known);
  }

  @Test
  void a_target_that_stands_for_an_application_uses_its_instances_alone() {
    String map = "dns:///a:50051 -> app=a ; dns:///b:* -> app=b,version=2 ; c -> lane=blue";
    List<Instance> a = instances(0, 2, Map.of("app", "a", "scheme", "http"));
    List<Instance> b1 = instances(2, 1, Map.of("app", "b", "version", "1"));
    List<Instance> b2 = instances(3, 2, Map.of("app", "b", "version", "2", "label.lane", "blue"));
    Endpoints known = known(known(a, b1).instances(), b2);

    assertThat(mapped(map, "dns:///a:50051", known).instances()).isEqualTo(a);
    assertThat(mapped(map, "dns:///b:1", known).instances()).isEqualTo(b2);
    assertThat(mapped(map, "c", known).instances()).isEqualTo(b2);
    assertThat(mapped(map, "dns:///other", known)).as("stands for nothing").isSameAs(known);
    assertThat(mapped(map, "dns:///b:1", known(a))).isSameAs(Endpoints.ABSENT);
  }

  @Test
  void channels_that_mean_the_same_choose_once() {
    TargetMap targets =
        TestSettings.loadText("test", "discover.map=a* -> app=a ; b -> app=a")
            .get(RegistryKeys.DISCOVER_MAP);
    Routes routes =
        new Routes(
            0,
            "",
            service -> BalanceRule.ROUND_ROBIN,
            service -> Routing.NONE,
            new Targets(targets, KeepAddressed.NEVER),
            new TestAgent());
    Endpoints known = known(instances(0, 2, Map.of("app", "a")), instances(2, 1, Map.of()));

    Endpoints used =
        routes.channel("a1", "http", true, (why, services) -> {}).route(SERVICE).used(known);
    assertThat(routes.channel("a2", "http", true, (why, services) -> {}).route(SERVICE).used(known))
        .isSameAs(used);
    assertThat(routes.channel("b", "http", true, (why, services) -> {}).route(SERVICE).used(known))
        .isSameAs(used);
  }
}
