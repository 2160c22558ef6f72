package io.meshagent.core.route.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class BoundedPatternTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a+)+$",
        "v([0-9]+)*!",
        "([a-zA-Z]{1,})*@",
        "(?:\\w*)+x",
        "(.*a){12}",
        "(x+x+)+y",
        "beta-(.*,){11}P",
        ".*.*.*.*=.*"
      })
  void what_backtracks_for_ever_is_refused_when_it_is_read(String regex) {
    assertThatThrownBy(() -> BoundedPattern.of(regex))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("backtracks");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alice|bob",
        ".*@example\\.com",
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]+",
        "(beta|gamma)-\\d+",
        "Mozilla/5\\.0 .*Chrome/(8|9)\\d.*",
        "(?i)yes",
        "/helloworld\\.Greeter/(Say|Chat).*"
      })
  void what_people_write_is_not(String regex) {
    assertThat(BoundedPattern.of(regex)).hasToString(regex);
  }

  @Test
  void what_does_not_show_when_it_is_read_is_stopped_and_matches_nothing() {
    BoundedPattern slow = BoundedPattern.of("Q1w#+.*.*z.*.*!");
    assertThat(slow.matches("Q1w#zzz!")).isTrue();
    long began = System.nanoTime();
    assertThat(slow.matches("Q1w#" + "z".repeat(4_000))).isFalse();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
    assertThat(slow.matches("Q1w#zzz!")).as("and goes on as before").isTrue();
  }

  @Test
  void a_value_too_long_for_the_stack_matches_nothing_and_ends_no_thread() {
    BoundedPattern deep = BoundedPattern.of("(a|b|cc)*");
    assertThat(deep.matches("ab".repeat(20))).isTrue();
    assertThat(deep.matches("ab".repeat(100_000))).isFalse();
  }

  @Test
  void all_of_a_value_has_to_match_and_long_ones_are_no_trouble() {
    BoundedPattern pattern = BoundedPattern.of(".*canary.*");
    assertThat(pattern.matches("x".repeat(8_000) + "canary")).isTrue();
    assertThat(BoundedPattern.of("canary").matches("a canary")).isFalse();
  }

  @Test
  void what_is_none_says_where() {
    assertThatThrownBy(() -> BoundedPattern.of("(a"))
        .hasMessageContaining("does not compile")
        .hasMessageContaining("near character");
    assertThatThrownBy(() -> BoundedPattern.of("a".repeat(257))).hasMessageContaining("longer");
    assertThatThrownBy(() -> BoundedPattern.of("a**")).hasMessageContaining("does not compile");
  }
}
