package io.meshagent.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.policy.timeout.TimeoutPolicy;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeysTest {

  @Test
  void every_constant_stands_in_the_list_once() throws IllegalAccessException {
    var constants =
        Stream.of(Keys.class, RegistryKeys.class, PoolKeys.class, LogKeys.class, ConsoleKeys.class)
            .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
            .filter(field -> Modifier.isPublic(field.getModifiers()))
            .toList();

    assertThat(KnownKeys.with(List.of()).all()).hasSameSizeAs(constants);
    for (var constant : constants) {
      assertThat(TestSettings.KEYS.all()).containsOnlyOnce((Key<?>) constant.get(null));
    }
  }

  @Test
  void names_and_variables_are_unique() {
    assertThat(TestSettings.KEYS.all()).extracting(Key::name).doesNotHaveDuplicates();
    assertThat(TestSettings.KEYS.all()).extracting(Key::environmentName).doesNotHaveDuplicates();
  }

  @Test
  void every_key_has_a_sentence() {
    assertThat(TestSettings.KEYS.all()).allMatch(key -> key.sentence().matches("[A-Z].*\\."));
  }

  @Test
  void what_policies_do_may_change_live_and_nothing_else() {
    assertThat(TestSettings.KEYS.all())
        .allSatisfy(
            key ->
                assertThat(key.isLive())
                    .as(key.name())
                    .isEqualTo(
                        key.name()
                            .matches(
                                "(client|server)\\..*|governance|faults|drains|access-log(\\.side|\\.sample)?"
                                    + "|flight-recorder\\..*|console\\.publish")));
    assertThat(Keys.ENABLED.isLive()).isFalse();
    assertThat(TimeoutPolicy.CLIENT_TIMEOUT.isLive()).isTrue();
    assertThat(TimeoutPolicy.CLIENT_TIMEOUT.isSelectable()).isTrue();
  }

  @Test
  void typos_find_the_key_that_was_meant() {
    assertThat(NearestKey.to("client.timeot", TestSettings.KEYS)).isEqualTo("client.timeout");
    assertThat(NearestKey.to("clinet.timeout", TestSettings.KEYS)).isEqualTo("client.timeout");
    assertThat(NearestKey.to("timeout", TestSettings.KEYS)).isEqualTo("client.timeout");
    assertThat(NearestKey.to("client_breaker_failure_rate", TestSettings.KEYS))
        .isEqualTo("client.breaker.failure-rate");
    assertThat(NearestKey.to("etcd.endpoint", TestSettings.KEYS)).isEqualTo("etcd.endpoints");
    assertThat(NearestKey.to("spring.application.name", TestSettings.KEYS)).isNull();
    assertThat(NearestKey.to("", TestSettings.KEYS)).isNull();
  }
}
