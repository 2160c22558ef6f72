package io.meshagent.core.policy.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.config.Overlay;
import io.meshagent.core.config.Problem;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.Policies;
import io.meshagent.core.route.rule.Routing;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteKeysTest {

  private static final Settings DEFAULTS = Settings.defaults(Policies.keys());

  private static Overlay laidOver(Settings start, String... lines) {
    Overlay overlay = new Overlay(start);
    overlay.add("doc", String.join("\n", lines));
    return overlay;
  }

  private static Routing routing(Settings settings) {
    return RouteKeys.routing(settings, "a.B");
  }

  @Test
  void nothing_is_routed_unless_somebody_says_so() {
    assertThat(routing(DEFAULTS).isNone()).isTrue();
  }

  @Test
  void the_rule_of_a_service_wins_and_off_takes_the_one_of_a_pattern_away() {
    Settings settings =
        laidOver(
                DEFAULTS,
                "client.route@a.*=* -> version=1",
                "client.route@a.C=off",
                "client.route@a.D=* -> version=2",
                "client.lane=lane")
            .settings();
    assertThat(routing(settings).rule()).hasToString("* -> version=1");
    assertThat(routing(settings).rule().failure(0, 0)).startsWith("client.route@a.* sends");
    assertThat(routing(settings).lane()).isEqualTo("lane");
    assertThat(RouteKeys.rule(settings, "a.C").isNone()).isTrue();
    assertThat(RouteKeys.rule(settings, "a.D")).hasToString("* -> version=2");
  }

  @Test
  void one_that_is_wrong_is_told_with_its_place_and_the_one_before_stays() {
    Settings before = laidOver(DEFAULTS, "client.route@a.B=* -> version=1").settings();
    Overlay wrong = laidOver(before, "", "client.route@a.B=5% -> version=2 ; 120% -> version=1");
    List<Problem> problems = wrong.problems();
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0).toString())
        .startsWith("doc:2: client.route@a.B=5% -> version=2 ; 120% -> version=1 is no rule:")
        .contains("clause 2, character 19", "percentage")
        .contains("using * -> version=1");
    assertThat(routing(wrong.settings()).rule()).hasToString("* -> version=1");
  }

  @Test
  void a_rule_for_one_method_is_refused_with_what_to_write() {
    Overlay overlay = laidOver(DEFAULTS, "client.route@a.B/C=* -> version=1");
    assertThat(overlay.problems().get(0).toString())
        .contains("is one for all methods of a service, so write client.route@a.B");
    assertThat(routing(overlay.settings()).isNone()).isTrue();
  }
}
