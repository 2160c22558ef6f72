package io.meshagent.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.policy.breaker.BreakerKeys;
import io.meshagent.core.policy.timeout.TimeoutPolicy;
import org.junit.jupiter.api.Test;

class SettingsTest {

  private static final String RULES =
      """
      client.breaker.probes=1
      client.breaker.probes@*=2
      client.breaker.probes@helloworld.*=3
      client.breaker.probes@helloworld.Gree*=4
      client.breaker.probes@helloworld.Greeter=5
      client.breaker.probes@helloworld.Greeter/SayHello=6
      client.breaker.probes@*/Watch=7
      """;

  private final Settings settings = TestSettings.loadText("rules", RULES);

  @Test
  void the_narrowest_selector_wins() {
    assertThat(settings.problems()).isEmpty();
    assertSelected("helloworld.Greeter/SayHello", 6, "helloworld.Greeter/SayHello");
    assertSelected("helloworld.Greeter/SayBye", 5, "helloworld.Greeter");
    assertSelected("helloworld.Greet/SayHello", 4, "helloworld.Gree*");
    assertSelected("helloworld.Other/SayHello", 3, "helloworld.*");
    assertSelected("other.Service/Watch", 7, "*/Watch");
    assertSelected("other.Service/Get", 2, "*");
    assertThat(settings.get(BreakerKeys.PROBES)).isEqualTo(1);
  }

  @Test
  void what_is_written_for_exactly_a_selector_is_told_from_what_covers_it() {
    Settings settings =
        TestSettings.loadText(
            "test",
            "client.breaker.probes=2\nclient.breaker.probes@*=3\nclient.breaker.probes@a.B=4");

    assertThat(settings.written(BreakerKeys.PROBES, "")).isEqualTo(2);
    assertThat(settings.written(BreakerKeys.PROBES, "*")).isEqualTo(3);
    assertThat(settings.written(BreakerKeys.PROBES, "a.B")).isEqualTo(4);
    assertThat(settings.written(BreakerKeys.PROBES, "a.C")).isNull();
    String name = BreakerKeys.PROBES.name("a.B");
    assertThat(name).isEqualTo("client.breaker.probes@a.B");
    assertThat(Key.selectorOf(name)).isEqualTo("a.B");
    assertThat(Key.selectorOf(BreakerKeys.PROBES.name(""))).isEmpty();
  }

  @Test
  void without_a_selector_that_matches_the_plain_setting_or_the_default_counts() {
    Settings narrow =
        TestSettings.loadText("rules", "client.timeout@a.B=1s\nclient.breaker.probes=9");

    assertThat(narrow.select(TimeoutPolicy.CLIENT_TIMEOUT, "a.Bc/D").value()).isZero();
    assertThat(narrow.select(TimeoutPolicy.CLIENT_TIMEOUT, "a.Bc/D").selector()).isEmpty();
    assertThat(narrow.select(BreakerKeys.PROBES, "a.B/C").value()).isEqualTo(9);
    assertThat(narrow.select(BreakerKeys.PROBES, "a.B/C").selector()).isEmpty();
  }

  private void assertSelected(String method, int value, String selector) {
    Selected<Integer> selected = settings.select(BreakerKeys.PROBES, method);
    assertThat(selected.value()).as(method).isEqualTo(value);
    assertThat(selected.selector()).as(method).isEqualTo(selector);
  }
}
