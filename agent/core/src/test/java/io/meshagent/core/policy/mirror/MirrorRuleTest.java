package io.meshagent.core.policy.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.config.Parsed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MirrorRuleTest {

  private static Parsed<MirrorRule> parse(String text) {
    return MirrorKeys.MIRROR.type().parse(text);
  }

  @Test
  void what_is_printed_reads_as_the_same() {
    String printed = "10% -> version=3 ; 0.5% -> app=b,lane=blue";

    assertThat(parse(" 10.0%->version=3;0.50 % -> lane=blue, app=b ;").value())
        .hasToString(printed);
    assertThat(parse(printed).value()).hasToString(printed);
    assertThat(parse("* -> version=3").value()).hasToString("100% -> version=3");
    assertThat(parse("").value().isNone()).isTrue();
  }

  @Test
  void clauses_share_the_calls_among_them() {
    MirrorRule rule = parse("10% -> version=3 ; 90% -> version=4").value();

    assertThat(rule.limits()).containsExactly(0.1, 1.0);
    assertThat(rule.labels())
        .extracting(Object::toString)
        .containsExactly("version=3", "version=4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10% | has the clause \"10%\", which is not of the form 10% -> version=3",
        "10 -> version=3 | is not of the form",
        "-1% -> version=3 | is not of the form",
        "x-user=1 -> version=3 | is not of the form",
        "101% -> version=3 | names more than 100%",
        "60% -> version=3 ; 50% -> version=4 | \"50% -> version=4\", which makes more than 100%",
        "10% -> version | has \"version\" where a label like version=2 should stand",
        "10% -> | names no label",
        "10% -> scheme=http | names scheme, by which no instance can be chosen",
      })
  void a_clause_that_is_wrong_is_named_with_the_reason(String text, String problem) {
    assertThat(parse(text).isProblem()).isTrue();
    assertThat(parse(text).problem()).contains(problem);
  }
}
