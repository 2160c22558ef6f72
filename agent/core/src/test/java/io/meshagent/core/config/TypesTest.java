package io.meshagent.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.policy.breaker.BreakerKeys;
import io.meshagent.core.policy.ratelimit.RateLimitKeys;
import io.meshagent.core.policy.timeout.TimeoutPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TypesTest {

  private static <T> T good(Type<T> type, String text) {
    Parsed<T> parsed = type.parse(text);
    assertThat(parsed.problem()).as(text).isNull();
    assertThat(type.parse(type.show(parsed.value())).value())
        .as("%s as it is shown", text)
        .usingRecursiveComparison()
        .isEqualTo(parsed.value());
    return parsed.value();
  }

  private static void bad(Type<?> type, String... texts) {
    for (String text : texts) {
      assertThat(type.parse(text).problem()).as(text).isNotBlank();
    }
  }

  @Test
  void durations_have_a_unit() {
    Type<Duration> type = TimeoutPolicy.CLIENT_TIMEOUT.type();
    assertThat(good(type, "300ms")).hasMillis(300);
    assertThat(good(type, "2s")).hasSeconds(2);
    assertThat(good(type, "90s")).hasSeconds(90);
    assertThat(good(type, "5m")).hasMinutes(5);
    assertThat(good(type, "1h")).hasHours(1);
    assertThat(good(type, "0")).isZero();
    assertThat(good(type, "0ms")).isZero();
    assertThat(good(type, "off")).isZero();
    bad(type, "", "2", "s", "-2s", "1.5s", "2sec", "1d", "9999999999s", "25h", "2S");
    assertThat(type.show(Duration.ofMillis(1_500))).isEqualTo("1500ms");
  }

  @Test
  void durations_keep_to_their_range() {
    bad(RegistryKeys.REGISTRY_TTL.type(), "off", "0", "2s", "11m");
    bad(BreakerKeys.WINDOW.type(), "1500ms", "off");
    assertThat(good(BreakerKeys.WINDOW.type(), "1000ms")).hasSeconds(1);
  }

  @Test
  void rates() {
    Type<Rate> type = RateLimitKeys.CLIENT_RATE.type();
    assertThat(good(type, "100/s").count()).isEqualTo(100);
    assertThat(good(type, "30/m").period()).hasMinutes(1);
    assertThat(good(type, "1000/h").period()).hasHours(1);
    assertThat(good(type, "off").isOff()).isTrue();
    assertThat(good(type, "0").isOff()).isTrue();
    bad(type, "", "100", "100/d", "0/s", "-1/s", "1.5/s", "/s", "999999999/s");
  }

  @Test
  void numbers_percents_and_fractions() {
    assertThat(good(Keys.ADMIN_PORT.type(), "0")).isZero();
    bad(Keys.ADMIN_PORT.type(), "", "-1", "65536", "99999999999999999999", "1e3", "0x10");
    assertThat(good(BreakerKeys.FAILURE_RATE.type(), "30%")).isEqualTo(30);
    bad(BreakerKeys.FAILURE_RATE.type(), "0", "101", "%", "thirty");
    assertThat(good(Keys.TRACING_SAMPLING.type(), "0.25")).isEqualTo(0.25);
    assertThat(good(Keys.TRACING_SAMPLING.type(), ".5")).isEqualTo(0.5);
    bad(Keys.TRACING_SAMPLING.type(), "", "1.1", "-0.1", "NaN", "1e-3", ".");
  }

  @Test
  void addresses() {
    Type<List<String>> urls = RegistryKeys.ETCD_ENDPOINTS.type();
    assertThat(good(urls, "")).isEmpty();
    assertThat(good(urls, "http://my-etcd:2379/, https://[::1]:1 ,"))
        .containsExactly("http://my-etcd:2379", "https://[::1]:1");
    bad(urls, "10.0.0.5:2379", "http://h", "http://h:0", "http://h:1/x", "http://u@h:1", "h");
    bad(Keys.TRACING_ENDPOINT.type(), "http://h:99999", "grpc://h:1");
    assertThat(good(RegistryKeys.REGISTER_HOST.type(), "fe80::1%eth0")).isEqualTo("fe80::1%eth0");
    assertThat(good(RegistryKeys.REGISTER_HOST.type(), "")).isEmpty();
    bad(RegistryKeys.REGISTER_HOST.type(), "h:1", "http://h", "a b", "[::1]");
    bad(Keys.ADMIN_HOST.type(), "");
    assertThat(good(RegistryKeys.ETCD_PREFIX.type(), "/a/b/")).isEqualTo("/a/b");
    bad(RegistryKeys.ETCD_PREFIX.type(), "", "/", "a", "/a//b", "/a b");
  }

  @Test
  void a_url_names_a_host_that_can_be_connected_to() {
    Type<List<String>> urls = RegistryKeys.ETCD_ENDPOINTS.type();
    bad(urls, "http://my_etcd:2379", "http://a..b:1", "http://[1::2::3]:1", "http://a%20b:1");
    bad(Keys.TRACING_ENDPOINT.type(), "http://my_collector:4317", "http://a\"b:1");
    assertThat(urls.parse("http://h:1, http://my_etcd:2379").problem())
        .isEqualTo(
            "names http://my_etcd:2379, which has a host that is neither an address nor a host name"
                + " (of letters, digits, hyphens and dots; an underscore can't be in one), so write"
                + " its address or another name of it");
  }

  @Test
  void words_lists_and_labels() {
    assertThat(good(Keys.ENABLED.type(), "off")).isFalse();
    bad(Keys.ENABLED.type(), "", "yes", "1");
    Wildcards excluded = good(RegistryKeys.REGISTER_EXCLUDE.type(), "a.B, grpc.reflection.*");
    assertThat(excluded.matches("a.B")).isTrue();
    assertThat(excluded.matches("a.Bc")).isFalse();
    assertThat(excluded.matches("grpc.reflection.v1.ServerReflection")).isTrue();
    bad(RegistryKeys.REGISTER_EXCLUDE.type(), "a b");
    Type<Map<String, String>> labels = Keys.APP_LABELS.type();
    assertThat(good(labels, "a=1, b=x=y"))
        .containsExactly(Map.entry("a", "1"), Map.entry("b", "x=y"));
    bad(labels, "a", "=1");
    bad(Keys.APP_NAME.type(), "a\u0007b", "x".repeat(257));
  }

  @Test
  void stars_stand_for_anything() {
    assertThat(Wildcards.matches("*", "")).isTrue();
    assertThat(Wildcards.matches("a*c*e", "abcde")).isTrue();
    assertThat(Wildcards.matches("a*c*e", "abcdef")).isFalse();
    assertThat(Wildcards.matches("*ab", "aab")).isTrue();
    assertThat(Wildcards.matches("a**b", "ab")).isTrue();
    assertThat(Wildcards.matches("a", "ab")).isFalse();
    assertThat(Wildcards.matches("*a*a*a*a*a*a*a*a*b", "a".repeat(5_000))).isFalse();
  }
}
