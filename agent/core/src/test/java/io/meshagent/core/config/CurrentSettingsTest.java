package io.meshagent.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshagent.core.policy.timeout.TimeoutPolicy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CurrentSettingsTest {

  private final Settings start = TestSettings.loadText("test", "app.name=shop");
  private final CurrentSettings settings = new CurrentSettings(start);

  @Test
  void who_watches_is_told_of_those_that_come_when_they_are_in_force() {
    List<Settings> told = new ArrayList<>();
    settings.watch(
        next -> {
          assertThat(settings.now()).isSameAs(next);
          told.add(next);
        });
    assertThat(settings.now()).isSameAs(start);

    Settings next = TestSettings.loadText("test", "client.timeout=1s");
    settings.replace(next);
    settings.replace(start);

    assertThat(told).containsExactly(next, start);
  }

  @Test
  void what_may_change_is_not_read_once() {
    assertThat(settings.once(Keys.APP_NAME)).isEqualTo("shop");
    assertThatThrownBy(() -> settings.once(TimeoutPolicy.CLIENT_TIMEOUT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("client.timeout may change while the program runs");
  }
}
