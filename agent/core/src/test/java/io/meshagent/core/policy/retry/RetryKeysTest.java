package io.meshagent.core.policy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.config.Key;
import io.meshagent.core.config.Parsed;
import io.meshagent.core.config.Problem;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.TestSettings;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be written for retries and hedges, and what is said of the rest. */
class RetryKeysTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "client.retry.attempts=0 | is outside 1 to 5: using 1 (the default)",
        "client.retry.attempts=6 | is outside 1 to 5: using 1 (the default)",
        "client.retry.attempts=two | is not a whole number from 1 to 5",
        "client.hedge.attempts=6 | is outside 1 to 5",
        "client.retry.codes=UNAVAILABEL | there is no UNAVAILABEL: using UNAVAILABLE",
        "client.retry.codes= | is not a list of status codes like UNAVAILABLE,ABORTED",
        "client.retry.codes=UNAVAILABLE,OK | names OK",
        "client.retry.codes=CANCELLED | names CANCELLED",
        "client.retry.backoff=1s | is not a backoff like 50ms..1s",
        "client.retry.backoff=1s..50ms | ends with less than it begins with",
        "client.retry.backoff=1..5s | has 1, which has no unit",
        "client.retry.backoff=1ms..1h | has 1h, which is outside",
        "client.retry.backoff=1ms..1s x11 | has a factor outside 1 to 10",
        "client.retry.budget=20 | is not a budget like 20% + 10/s",
        "client.retry.budget=20% 10/s | is not a budget like",
        "client.retry.budget=+ | is not a budget like",
        "client.retry.budget=401% | is more than 400%",
        "client.hedge.delay=off | is outside 1ms to 5m",
        "client.hedge.delay=0 | is outside 1ms to 5m",
      })
  void what_is_wrong_is_said_in_a_sentence_and_changes_nothing(String line, String sentence) {
    Settings settings = TestSettings.loadText("text", line);
    assertThat(settings.problems())
        .singleElement()
        .extracting(Problem::toString)
        .asString()
        .contains(sentence);
    assertThat(Repeats.isAny(settings)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "client.retry.attempts | 5 | 5",
        "client.retry.codes | aborted, unavailable | ABORTED,UNAVAILABLE",
        "client.retry.backoff | 50ms..1s | 50ms..1s",
        "client.retry.backoff | 50ms..1s x2 | 50ms..1s",
        "client.retry.backoff | 1500ms..90s x1.50 | 1500ms..90s x1.5",
        "client.retry.budget | 20%+10/s | 20% + 10/s",
        "client.retry.budget | 20% | 20% + 0/s",
        "client.retry.budget | 7/s | 0% + 7/s",
        "client.hedge.delay | 50ms | 50ms",
      })
  void what_is_right_is_shown_as_it_can_be_written(String name, String text, String shown) {
    assertThat(show(key(name), text)).isEqualTo(shown);
    assertThat(show(key(name), shown)).isEqualTo(shown);
  }

  @Test
  void whatever_is_written_is_refused_or_can_be_written_again() {
    Random random = new Random(33);
    String letters = "0159 .%+/smhx,-OKUNAVILBE\u0000é";
    int good = 0;
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(14); length >= 0; length--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      for (Key<?> key : RetryKeys.RETRY) {
        good += isGood(key, text.toString()) ? 1 : 0;
      }
    }
    assertThat(good).isPositive();
  }

  private static <T> boolean isGood(Key<T> key, String text) {
    Parsed<T> parsed = key.type().parse(text);
    if (parsed.isProblem()) {
      assertThat(parsed.problem()).isNotBlank().doesNotContain("\u0000");
      return false;
    }
    String shown = key.type().show(parsed.value());
    assertThat(show(key, shown)).as(text).isEqualTo(shown);
    return true;
  }

  private static Key<?> key(String name) {
    return TestSettings.KEYS.all().stream()
        .filter(key -> key.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static <T> String show(Key<T> key, String text) {
    Parsed<T> parsed = key.type().parse(text);
    assertThat(parsed.problem()).as(text).isNull();
    return key.type().show(parsed.value());
  }
}
