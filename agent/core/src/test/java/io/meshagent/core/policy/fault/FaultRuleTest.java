package io.meshagent.core.policy.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.meshagent.core.api.Code;
import io.meshagent.core.config.Parsed;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What faults are written like, and what is said of those that are not. */
class FaultRuleTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          off                                    | off
          delay 200ms 10% ; abort UNAVAILABLE 5% | delay 200ms 10%; abort UNAVAILABLE 5%
          abort internal 0.50%                   | abort INTERNAL 0.5%
          delay  1s  100%                        | delay 1s 100%
          abort DATA_LOSS 007%;delay 60s 0.01%   | abort DATA_LOSS 7%; delay 1m 0.01%
          """)
  void prints_what_it_reads_in_one_way(String text, String canonical) {
    FaultRule rule = good(text);
    assertThat(rule).hasToString(canonical);
    assertThat(good(canonical)).hasToString(canonical);
  }

  private static FaultRule good(String text) {
    Parsed<FaultRule> parsed = FaultRule.type().parse(text);
    assertThat(parsed.isProblem()).as(text).isFalse();
    return parsed.value();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          explode                   | clause 1, 'explode', is neither 'delay 200ms 10%' nor
          delay 1s 5%;              | clause 2, '', is neither 'delay 200ms 10%' nor
          delay 1s 5%; abort OK 5%  | clause 2, 'abort OK 5%', has no status to fail with
          abort UNAVAILABL 5%       | has no status to fail with, like UNAVAILABLE
          abort UNAVAILABLE         | is neither 'delay 200ms 10%' nor 'abort UNAVAILABLE 5%'
          abort UNAVAILABLE 0%      | has no share of calls from 0.01% to 100%
          abort UNAVAILABLE 101%    | has no share of calls
          abort UNAVAILABLE 0.001%  | has no share of calls
          abort UNAVAILABLE 5       | has no share of calls
          delay 200 5%              | has a delay that has no unit: write 200ms, 200s or 200m
          delay 61s 5%              | has a delay that is outside 1ms to 1m
          delay 31s 5%;delay 30s 1% | has delays of more than 60s together
          """)
  void says_which_clause_is_wrong_and_why(String text, String reason) {
    Parsed<FaultRule> parsed = FaultRule.type().parse(text);
    assertThat(parsed.isProblem()).isTrue();
    assertThat(parsed.problem()).contains(reason);
  }

  @Test
  void whatever_is_written_it_does_not_throw_and_takes_only_what_it_can_print() {
    String[] bits = {
      "delay",
      "abort",
      " ",
      "  ",
      ";",
      "%",
      "5%",
      "10.5%",
      "0.01%",
      "100%",
      "200ms",
      "60s",
      "1m",
      "UNAVAILABLE",
      "INTERNAL",
      "OK",
      "off",
      "-1",
      "9999999999",
      "\t",
      "ä",
      "\0",
      "\u0660",
      "."
    };
    Random random = new Random(13);
    int good = 0;
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int bit = random.nextInt(12); bit >= 0; bit--) {
        text.append(bits[random.nextInt(bits.length)]);
        text.append(random.nextBoolean() ? " " : "");
      }
      Parsed<FaultRule> parsed = FaultRule.type().parse(text.toString());
      if (parsed.isProblem()) {
        assertThat(parsed.problem()).isNotBlank();
      } else {
        good++;
        String printed = parsed.value().toString();
        assertThat(good(printed)).as(text.toString()).hasToString(printed);
      }
    }
    assertThat(good).isGreaterThan(100);
  }

  @Test
  void rules_of_all_kinds_survive_being_printed() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      int clauses = 1 + random.nextInt(5);
      for (int clause = 0; clause < clauses; clause++) {
        int hundredths = 1 + random.nextInt(10_000);
        text.append(clause == 0 ? "" : ";")
            .append(
                random.nextBoolean()
                    ? "delay " + (1 + random.nextInt(12_000)) + "ms "
                    : "abort " + Code.values()[1 + random.nextInt(16)] + " ")
            .append(hundredths / 100)
            .append("." + hundredths % 100 / 10 + hundredths % 10 + "%");
      }
      String printed = good(text.toString()).toString();
      assertThat(good(printed)).hasToString(printed);
    }
  }

  @Test
  void a_megabyte_of_junk_is_refused() {
    String junk = "delay 1s 5%;".repeat(100_000);
    assertThat(FaultRule.type().parse(junk).problem()).isEqualTo("is longer than 1000 characters");
    assertThat(FaultRule.type().parse("delay 1s 5%;".repeat(11)).problem())
        .isEqualTo("has more than 10 clauses");
    assertThat(FaultRule.type().parse("x".repeat(900)).problem()).hasSizeLessThan(200);
  }

  @Test
  void each_clause_is_drawn_by_itself_and_delays_add_up_until_an_abort() {
    FaultRule rule = good("delay 1s 50%; delay 2s 50%; abort ABORTED 25%; delay 4s 100%");
    Random random = new Random(1);
    int aborted = 0;
    int both = 0;
    for (int i = 0; i < 100_000; i++) {
      FaultRule.Drawn drawn = rule.draw(random);
      Duration delay = Duration.ofNanos(drawn.delayNanos);
      if (drawn.abort != null) {
        aborted++;
        assertThat(delay).isLessThanOrEqualTo(Duration.ofSeconds(3));
      } else {
        assertThat(delay).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(7));
      }
      both += delay.toSeconds() % 4 == 3 ? 1 : 0;
    }
    assertThat(aborted).isCloseTo(25_000, within(500));
    assertThat(both).isCloseTo(25_000, within(500));
    assertThat(FaultRule.OFF.draw(random)).isNull();
  }
}
