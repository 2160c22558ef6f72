package io.meshagent.core.policy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.call.Response;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.TestSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers say what may be kept of their answers, and what belongs to one call is not kept. */
class KeepRuleTest {

  private static final long HOUR = Duration.ofHours(1).toNanos();

  private static KeptResponse kept(String settings, Object... headers) {
    Settings parsed = TestSettings.loadText("test", settings);
    assertThat(parsed.problems()).isEmpty();
    return KeepRule.of(parsed, "a.B/C", null)
        .kept(new Response(new byte[0], headers, new Object[] {"grpc-trace-bin", new byte[1]}), 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max-age=10 | 10",
        "public, max-age=10 | 10",
        "MAX-AGE=\"10\", s-maxage=5 | 5",
        "max-age=99999 | 3600",
        "max-age=9999999999999 | 3600",
        "max-age=-1, unknown | 3600",
        "public | 3600"
      })
  void a_server_may_shorten_the_time(String control, long seconds) {
    KeptResponse kept = kept("", "cache-control", control);
    long nanos = Duration.ofSeconds(seconds).toNanos();
    assertThat(kept.isFresh(nanos - 1, HOUR)).isTrue();
    assertThat(kept.isFresh(nanos, HOUR)).isFalse();
    assertThat(kept.isUsable(nanos + 99, HOUR, 100)).isTrue();
    assertThat(kept.isUsable(nanos + 100, HOUR, 100)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"no-store", "no-cache", "Private", "private=\"x\"", "max-age=0", "a, no-store,b"})
  void a_server_may_forbid_it(String control) {
    assertThat(kept("", "cache-control", control)).isNull();
  }

  @Test
  void what_must_be_asked_for_again_is_not_given_after_its_time() {
    KeptResponse kept = kept("", "cache-control", "must-revalidate, max-age=1");
    assertThat(kept.isFresh(1, HOUR)).isTrue();
    assertThat(kept.isUsable(Duration.ofSeconds(1).toNanos(), HOUR, HOUR)).isFalse();
  }

  @Test
  void what_sets_a_cookie_or_varies_by_what_does_not_count_is_not_kept() {
    assertThat(kept("", "set-cookie", "a=b")).isNull();
    assertThat(kept("", "vary", "x-tenant")).isNull();
    assertThat(kept("", "vary", "*")).isNull();
    assertThat(kept("client.cache.headers=x-tenant", "vary", "X-Tenant, accept-encoding"))
        .isNotNull();
  }

  @Test
  void what_belongs_to_one_call_is_not_given_to_others() {
    byte[] bytes = {1};
    KeptResponse kept =
        kept(
            "",
            "content-type",
            "application/grpc",
            "x-request-id",
            "7",
            "mesh-cache",
            "hit",
            "x-b3-traceid",
            "8",
            "x-session",
            "9",
            "details-bin",
            bytes);
    assertThat(kept.response().headers())
        .containsExactly("content-type", "application/grpc", "details-bin", bytes);
    assertThat(kept.response().trailers()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"64k,65536", "16m,16777216", "1g,1073741824", "65537,65537"})
  void bytes_are_written_as_they_are_read(String text, long bytes) {
    var type = CacheKeys.MAX_BYTES.type();
    assertThat(type.parse(text).value().bytes).isEqualTo(bytes);
    assertThat(type.show(type.parse(text).value())).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "2g", "16 m", "9999999999g", "-1m", "m"})
  void what_is_no_number_of_bytes_is_refused(String text) {
    assertThat(CacheKeys.MAX_BYTES.type().parse(text).isProblem()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "x-bin", "ü", "a:b"})
  void what_is_no_header_is_refused(String text) {
    assertThat(CacheKeys.HEADERS.type().parse(text).isProblem()).isTrue();
  }
}
