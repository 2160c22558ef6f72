package io.meshagent.core.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.LiveEndpoints;
import io.meshagent.core.balance.BalanceRule;
import io.meshagent.core.balance.BalancerKind;
import io.meshagent.core.balance.EjectionSettings;
import io.meshagent.core.route.ExplainedRoute.Choice;
import io.meshagent.core.route.ExplainedRoute.Way;
import io.meshagent.core.route.rule.TestAttempt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is explained is what is picked, and nothing changes by it. */
class ExplainedRouteTest {

  private final RoutedService service = new RoutedService();

  private ExplainedRoute explain(String... headers) {
    return explain(service.directory(), headers);
  }

  private ExplainedRoute explain(Endpoints known, String... headers) {
    return ((RoutedChannel) service.routes.channel("a", "http", true, (why, of) -> {}))
        .explain("a.B", known, new TestAttempt(0, headers));
  }

  private static Set<String> chosen(Way way) {
    return way.chosen().stream()
        .map(each -> each.endpoint().instance().host())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String because(Way way, String host) {
    return way.choices().stream()
        .filter(each -> each.endpoint().instance().host().equals(host))
        .map(Choice::because)
        .findFirst()
        .orElseThrow();
  }

  private Set<String> picked(String... headers) {
    RoutedService.Channel channel = service.new Channel();
    Set<String> picked = new TreeSet<>();
    // Picks are random by two: with a hundred, one of 25 is left out now and then.
    for (int i = 0; i < 1_000; i++) {
      Attempt attempt = new TestAttempt(0.99, headers);
      picked.add(String.format("h%05d", channel.pick(attempt)));
    }
    return picked;
  }

  @Test
  void who_may_be_chosen_is_who_is_picked() {
    service.have(2, "version", "1");
    service.have(2, "version", "2");
    service.have(1, "version", "2", "draining", "true");
    service.have(1, "version", "1", "scheme", "https");
    service.rule("x=2 -> version=2 ; x=3 -> version=9? ; x=4 -> version=9 ; 10% -> version=2");

    Way two = explain("x", "2").ways().get(0);
    assertThat(chosen(two)).isEqualTo(picked("x", "2")).containsExactly("h00002", "h00003");
    assertThat(because(two, "h00000")).isEqualTo("is not labelled version=2");
    assertThat(because(two, "h00004")).startsWith("is draining");
    assertThat(because(two, "h00005")).contains("speaks TLS (https)", "plaintext (http)");
    assertThat(explain("x", "3").ways())
        .as("nobody is labelled so, and it falls back")
        .last()
        .satisfies(way -> assertThat(chosen(way)).isEqualTo(picked("x", "3")));
    assertThat(explain("x", "4").ways())
        .singleElement()
        .satisfies(way -> assertThat(way.refusal()).contains("client.route@a.B", "version=9"));
  }

  @Test
  void a_share_is_a_way_of_its_own_unless_a_trace_decides() {
    service.have(2, "version", "1");
    service.have(2, "version", "2");
    service.rule("10% -> version=2 ; * -> version=1");

    assertThat(explain().ways())
        .extracting(Way::isCertain, Way::rule)
        .containsExactly(tuple(false, "10% -> version=2"), tuple(true, "* -> version=1"));
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    assertThat(explain("traceparent", trace).ways())
        .singleElement()
        .satisfies(way -> assertThat(way.isCertain()).isTrue())
        .satisfies(way -> assertThat(chosen(way)).isEqualTo(picked("traceparent", trace)));
  }

  @Test
  void lanes_are_told_by_the_baggage() {
    service.have(1);
    service.have(1, "label.lane", "blue");
    service.lanes();

    Way blue = explain("baggage", "lane=blue").ways().get(0);
    assertThat(chosen(blue)).isEqualTo(picked("baggage", "lane=blue")).containsExactly("h00001");
    assertThat(because(blue, "h00000")).startsWith("is in no lane");
    Way open = explain().ways().get(0);
    assertThat(chosen(open)).isEqualTo(picked()).containsExactly("h00000");
    assertThat(because(open, "h00001")).startsWith("is in the lane lane=blue");
  }

  @Test
  void very_many_are_left_out_by_the_subset() {
    service.have(1_000);
    Way way = explain().ways().get(0);
    assertThat(way.chosen()).hasSize(BalanceRule.SUBSET);
    assertThat(chosen(way)).isEqualTo(picked());
    assertThat(way.choices())
        .filteredOn(each -> !each.isChosen())
        .allSatisfy(each -> assertThat(each.because()).contains("client.subset"));
  }

  @Test
  void a_header_that_calls_are_hashed_by_names_one() {
    service.balance =
        new BalanceRule(
            BalancerKind.CONSISTENT_HASH,
            "x-user",
            BalanceRule.EjectionMode.OFF,
            EjectionSettings.DEFAULT,
            0);
    service.have(5);
    service.routes.rulesChanged();
    for (String user : new String[] {"ann", "bob", "cy"}) {
      Way way = explain("x-user", user).ways().get(0);
      assertThat(way.spread()).isEqualTo("consistent_hash by x-user");
      assertThat(chosen(way)).isEqualTo(picked("x-user", user)).hasSize(1);
    }
    assertThat(explain().ways().get(0).chosen()).hasSize(5);
  }

  @Test
  void no_turn_is_used_up() {
    service.have(3);
    RoutedService.Channel channel = service.new Channel();
    var picker = service.route.balancer().picker(channel);
    int first = picker.pick(Attempt.ANY);
    int second = picker.pick(Attempt.ANY);
    int third = picker.pick(Attempt.ANY);
    for (int i = 0; i < 7; i++) {
      assertThat(explain().ways().get(0).chosen()).hasSize(3);
      assertThat(picker.pick(Attempt.ANY)).isEqualTo(first);
      assertThat(explain().ways().get(0).chosen()).hasSize(3);
      assertThat(picker.pick(Attempt.ANY)).isEqualTo(second);
      assertThat(picker.pick(Attempt.ANY)).isEqualTo(third);
    }
  }

  @Test
  void a_service_that_nobody_uses_is_explained_and_not_kept() {
    service.have(2);
    Endpoints known = LiveEndpoints.of(service.directory().instances());
    RoutedChannel channel =
        (RoutedChannel) service.routes.channel("a", "http", true, (why, of) -> {});
    assertThat(channel.explain("c.D", known, Attempt.ANY).ways().get(0).chosen()).hasSize(2);
    assertThat(channel.routes()).isEmpty();
    channel.passes("e.F");
    assertThat(channel.explain("e.F", known, Attempt.ANY)).as("its own way").isNull();
  }
}
