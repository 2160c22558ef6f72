package io.meshagent.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.policy.breaker.BreakerKeys;
import io.meshagent.core.policy.timeout.TimeoutPolicy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OverlayTest {

  private final Settings start =
      TestSettings.loadText(
          "a.properties",
          "app.name=shop\nclient.timeout=1s\nclient.timeout@a.B=2s\nclient.breaker.probes=7");

  private static Settings laid(Settings start, String... texts) {
    Overlay overlay = new Overlay(start);
    for (int i = 0; i < texts.length; i++) {
      overlay.add("shop@" + (i + 1), texts[i]);
    }
    return overlay.settings();
  }

  private static Duration timeout(Settings settings, String method) {
    return settings.select(TimeoutPolicy.CLIENT_TIMEOUT, method).value();
  }

  private static String source(Settings settings, String name) {
    return settings.sources().stream()
        .filter(setting -> setting.name().equals(name))
        .map(Setting::source)
        .findFirst()
        .orElse(null);
  }

  @Test
  void a_document_wins_over_the_start_for_each_key_and_selector_by_itself() {
    Settings now = laid(start, "client.timeout=3s\nclient.timeout@c.D=4s\n");

    assertThat(now.problems()).isEmpty();
    assertThat(timeout(now, "x.Y/Z")).hasSeconds(3);
    assertThat(timeout(now, "c.D/E")).hasSeconds(4);
    assertThat(timeout(now, "a.B/C")).hasSeconds(2);
    assertThat(now.get(BreakerKeys.PROBES)).isEqualTo(7);
    assertThat(source(now, "client.timeout")).isEqualTo("shop@1:1");
    assertThat(source(now, "client.timeout@c.D")).isEqualTo("shop@1:2");
    assertThat(source(now, "client.timeout@a.B")).isEqualTo("a.properties:3");
    assertThat(source(now, "client.breaker.window")).isEqualTo("default");
  }

  @Test
  void of_two_documents_the_later_one_wins_and_the_next_set_begins_with_the_start() {
    Settings now = laid(start, "client.timeout=3s\nclient.breaker.probes=8", "client.timeout=5s");
    assertThat(timeout(now, "x.Y/Z")).hasSeconds(5);
    assertThat(source(now, "client.timeout")).isEqualTo("shop@2:1");
    assertThat(now.get(BreakerKeys.PROBES)).isEqualTo(8);

    Settings next = laid(start, "client.timeout@a.B=off");
    assertThat(timeout(next, "x.Y/Z")).hasSeconds(1);
    assertThat(timeout(next, "a.B/C")).isZero();
    assertThat(next.get(BreakerKeys.PROBES)).isEqualTo(7);
    assertThat(timeout(now, "a.B/C")).as("those before are as they were").hasSeconds(2);
    assertThat(timeout(start, "a.B/C")).hasSeconds(2);
  }

  @Test
  void what_is_not_live_is_refused_with_its_reason_and_what_counts() {
    Overlay overlay = new Overlay(start);
    overlay.add("shop@3", "app.name=other\netcd.password=hunter2\nclient.timeout=3s");

    assertThat(overlay.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "shop@3:1: app.name can be set only for the start of the program: using shop"
                + " (a.properties:1).",
            "shop@3:2: etcd.password can be set only for the start of the program: using (value not"
                + " shown) (the default).");
    assertThat(overlay.settings().get(Keys.APP_NAME)).isEqualTo("shop");
    assertThat(timeout(overlay.settings(), "x.Y/Z")).hasSeconds(3);
  }

  @Test
  void what_is_wrong_is_told_of_with_the_value_that_goes_on_counting() {
    Overlay overlay = new Overlay(start);
    overlay.add("shop@3", "client.timeot=1s\nclient.timeout@a.B=soon\nnothing");

    assertThat(overlay.problems())
        .extracting(Problem::toString)
        .satisfiesExactly(
            first -> assertThat(first).contains("shop@3:1:", "did you mean client.timeout?"),
            second -> assertThat(second).contains("shop@3:2:", "using 2s (a.properties:3)"),
            third -> assertThat(third).contains("shop@3:3:", "has no ="));
  }

  @Test
  void problems_of_the_start_are_told_on() {
    Settings bad = TestSettings.loadText("a.properties", "client.timeout=soon");
    Overlay overlay = new Overlay(bad);
    overlay.add("shop@1", "client.timeout=late");

    assertThat(overlay.problems()).hasSize(1);
    assertThat(overlay.settings().problems())
        .hasSize(2)
        .startsWith(bad.problems().toArray(Problem[]::new));
  }

  @Test
  void of_a_file_that_was_read_anew_live_keys_count_and_others_from_the_next_start_on() {
    Settings read =
        TestSettings.loadText(
            "a.properties",
            "app.name=other\nclient.timeout@c.D=4s\nregister.exclude=grpc.health.v1.Health");
    Settings now = start.withLiveOf(read);

    assertThat(timeout(now, "c.D/E")).hasSeconds(4);
    assertThat(timeout(now, "a.B/C")).isZero();
    assertThat(now.get(BreakerKeys.PROBES)).isEqualTo(5);
    assertThat(now.get(Keys.APP_NAME)).isEqualTo("shop");
    assertThat(now.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "a.properties:1: app.name has changed, which counts from the next start of the program"
                + " on.",
            "a.properties:3: register.exclude has changed, which counts from the next start of the"
                + " program on.");
    assertThat(start.withLiveOf(start).problems()).isEmpty();
  }
}
