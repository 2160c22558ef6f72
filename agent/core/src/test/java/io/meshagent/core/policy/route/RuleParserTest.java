package io.meshagent.core.policy.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.config.Parsed;
import io.meshagent.core.route.rule.RouteRule;
import io.meshagent.core.route.rule.TestAttempt;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleParserTest {

  private static RouteRule rule(String text) {
    Parsed<RouteRule> parsed = RouteKeys.ROUTE.type().parse(text);
    assertThat(parsed.problem()).as(text).isNull();
    return parsed.value();
  }

  private static String problem(String text) {
    Parsed<RouteRule> parsed = RouteKeys.ROUTE.type().parse(text);
    assertThat(parsed.isProblem()).as(text).isTrue();
    return parsed.problem();
  }

  private static int clause(String rule, double chance, String... headers) {
    return rule(rule).clauseFor(new TestAttempt(chance, headers));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "x-user=alice->version=2;5%->version=2;*->version=1|"
            + "x-user=alice -> version=2 ; 5% -> version=2 ; * -> version=1",
        "* -> version=2?|* -> version=2?",
        "X-User = a b & 5.50 % -> zone=eu & app=greeter ? ;|"
            + "x-user=a b & 5.5% -> app=greeter & zone=eu?",
        "x~\"a;b\"\"c&d->e\" -> tier=\"\"|x~\"a;b\"\"c&d->e\" -> tier=\"\"",
        "x=\"why?\" -> lane=\" b\"|x=\"why?\" -> lane=\" b\"",
        ":path=/a.B/C -> version=2|:path=/a.B/C -> version=2",
        "off|off"
      })
  void is_printed_in_one_form(String text, String form) {
    assertThat(RouteKeys.ROUTE.type().show(rule(text))).isEqualTo(form);
    assertThat(RouteKeys.ROUTE.type().show(rule(form))).isEqualTo(form);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "5%|clause 1, character 3, has no ->",
        "*|clause 1, character 2, has no ->",
        "x=1 -> version=1 ; 120% -> version=2|clause 2, character 20, has a percentage that is not",
        "0% -> version=2|not above 0",
        "x% -> version=2|no number",
        "60% -> version=2 ; 50% -> version=3|clause 2, character 20, brings the percentages",
        "5% & 6% -> version=2|two percentages",
        "* -> weight=5|is none, weight",
        "* -> version|no label=value",
        "* -> version=|has no value after the =",
        "* -> |no label=value",
        "* -> version=1 & version=2|names the label version twice",
        "* -> version=1 ; x=1 -> version=2|clause 2, character 18, is never reached",
        "x -> version=1|none of header=value",
        "x y=1 -> version=1|no name of a header",
        "key-bin=1 -> version=1|header of bytes",
        "x= -> version=1|no value after the =",
        "x=\"1 -> version=1|quote that does not end",
        "x~(a -> version=1|does not compile",
        "x~(a+)+! -> version=1|character 3, has a regular expression that backtracks",
        "x~ -> version=1|no regular expression",
        "* -> version=1? extra|neither & nor ;",
        "; * -> version=1|clause 1, character 1",
        "* -> version=1 ;; * -> version=2|clause 2"
      })
  void what_is_wrong_is_refused_with_place_and_reason(String text, String sentence) {
    assertThat(problem(text)).startsWith("is no rule: clause ").contains(sentence);
  }

  @Test
  void what_is_too_long_is_refused() {
    assertThat(problem("x=" + "y".repeat(5_000) + " -> version=1")).contains("longer than a rule");
    assertThat(problem("x=1 -> version=1;".repeat(33))).contains("clause 33", "one more than");
    assertThat(problem("x=1 &".repeat(9) + "y=1 -> version=1")).contains("more than 8 conditions");
    assertThat(problem("x~" + "y".repeat(300) + " -> version=1")).contains("256 characters");
  }

  @Test
  void the_first_clause_that_a_call_meets_counts() {
    String rule = "x-user=alice & x-role~(root|admin) -> version=3 ; x-user=alice -> version=2";
    assertThat(clause(rule, 0, "x-user", "alice", "x-role", "admin")).isZero();
    assertThat(clause(rule, 0, "x-user", "alice", "x-role", "administrator")).isEqualTo(1);
    assertThat(clause(rule, 0, "x-user", "Alice")).isEqualTo(-1);
    assertThat(clause(rule, 0)).isEqualTo(-1);
    assertThat(clause(":path=/a.B/C -> version=1", 0)).isZero();
    assertThat(clause(":path=/a.B/D -> version=1", 0)).isEqualTo(-1);
    assertThat(clause(":path~/a\\.B/.* -> version=1", 0)).isZero();
  }

  @Test
  void percentages_of_the_same_calls_stand_side_by_side() {
    String rule = "x=1 & 50% -> a=1 ; x=1 & 50% -> a=2 ; 5% -> a=3 ; 45% -> a=4 ; * -> a=5";
    assertThat(clause(rule, 0.1, "x", "1")).isZero();
    assertThat(clause(rule, 0.6, "x", "1")).isEqualTo(1);
    assertThat(clause(rule, 0.04)).isEqualTo(2);
    assertThat(clause(rule, 0.05)).isEqualTo(3);
    assertThat(clause(rule, 0.499)).isEqualTo(3);
    assertThat(clause(rule, 0.5)).isEqualTo(4);
  }

  @Test
  void headers_are_read_only_where_a_clause_needs_them() {
    assertThat(rule("* -> version=1").readsCalls()).isFalse();
    assertThat(rule("5% -> version=1").readsCalls()).isTrue();
    TestAttempt attempt = new TestAttempt(0);
    assertThat(rule("* -> version=1").clauseFor(attempt)).isZero();
    assertThat(attempt.headersRead).isZero();
  }

  @Test
  void a_trace_is_on_the_same_side_everywhere_and_on_it_when_the_share_grows() {
    RouteRule five = rule("5% -> version=2");
    RouteRule ten = rule("10% -> version=3 ; * -> version=1");
    Random random = new Random(1);
    int chosen = 0;
    for (int i = 0; i < 100_000; i++) {
      String id = String.format("%016x%016x", random.nextLong(), random.nextLong());
      TestAttempt here = new TestAttempt(random.nextDouble(), "traceparent", "00-" + id + "-1-01");
      TestAttempt there =
          new TestAttempt(random.nextDouble(), "traceparent", "00-" + id + "-2-00-more");
      boolean isChosen = five.clauseFor(here) == 0;
      assertThat(five.clauseFor(there) == 0).isEqualTo(isChosen);
      if (isChosen) {
        chosen++;
        assertThat(ten.clauseFor(there)).isZero();
      }
    }
    assertThat(chosen).isBetween(4_500, 5_500);
  }

  /**
   * Any rule of the grammar is read as what it was made of, and printed so that it is read again.
   */
  @Test
  void what_is_printed_is_read_as_the_same_rule() {
    Random random = new Random(7);
    for (int i = 0; i < 1_000; i++) {
      String text = anyRule(random);
      String form = rule(text).toString();
      assertThat(rule(form).toString()).as(text).isEqualTo(form);
      assertThat(rule(form).clauses()).hasSameSizeAs(rule(text).clauses());
    }
  }

  @Test
  void no_text_at_all_brings_the_parser_down() {
    Random random = new Random(8);
    String signs = "*;&->=~%?\" ax1.\\(+)";
    for (int i = 0; i < 8_000; i++) {
      StringBuilder text = new StringBuilder(i % 2 == 0 ? anyRule(random) : "");
      for (int j = random.nextInt(12); j >= 0; j--) {
        text.insert(
            random.nextInt(text.length() + 1), signs.charAt(random.nextInt(signs.length())));
      }
      Parsed<RouteRule> parsed = RouteKeys.ROUTE.type().parse(text.toString().trim());
      if (parsed.isProblem()) {
        assertThat(parsed.problem()).as(text.toString()).startsWith("is ");
      } else {
        String form = RouteKeys.ROUTE.type().show(parsed.value());
        assertThat(RouteKeys.ROUTE.type().show(rule(form))).as(text.toString()).isEqualTo(form);
      }
    }
  }

  private static String anyRule(Random random) {
    List<String> clauses = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      List<String> conditions = new ArrayList<>();
      for (int j = random.nextInt(3); j >= 0; j--) {
        boolean exact = random.nextBoolean();
        conditions.add(
            "x-"
                + random.nextInt(9)
                + (exact ? "=" + value(random) : "~" + value(random).replace('?', '.')));
      }
      if (random.nextInt(3) == 0) {
        conditions.add(1 + random.nextInt(20) + "." + random.nextInt(10_000) + "%");
      }
      clauses.add(
          String.join(blank(random) + "&" + blank(random), conditions)
              + blank(random)
              + "->"
              + blank(random)
              + "l"
              + random.nextInt(9)
              + "="
              + value(random)
              + (random.nextBoolean() ? blank(random) + "?" : ""));
    }
    return String.join(blank(random) + ";" + blank(random), clauses);
  }

  private static String blank(Random random) {
    return " ".repeat(random.nextInt(3));
  }

  private static String value(Random random) {
    String letters = "abc1;&>-?\"= ";
    StringBuilder value = new StringBuilder("v");
    for (int i = random.nextInt(5); i > 0; i--) {
      value.append(letters.charAt(random.nextInt(letters.length())));
    }
    return '"' + value.toString().replace("\"", "\"\"") + '"';
  }
}
