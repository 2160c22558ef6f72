package io.meshagent.core.policy.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.config.Parsed;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rules of access are written like, what they mean, and what is said of those that aren't. */
class AccessRuleTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          off                                | off
          allow shop ,cart-* ;deny  *        | allow shop, cart-*; deny *
          deny batch                         | deny batch
          allow tls:spiffe://a/ns/*/sa/shop  | allow tls:spiffe://a/ns/*/sa/shop
          """)
  void prints_what_it_reads_in_one_way(String text, String canonical) {
    AccessRule rule = good(text);
    assertThat(rule).hasToString(canonical);
    assertThat(good(canonical)).hasToString(canonical);
  }

  private static AccessRule good(String text) {
    Parsed<AccessRule> parsed = AccessRule.type().parse(text);
    assertThat(parsed.isProblem()).as(text).isFalse();
    return parsed.value();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          shop                | clause 1, 'shop', is neither 'allow shop, cart-*' nor 'deny *'
          allow               | clause 1, 'allow', is neither
          allow shop;         | clause 2, '', is neither
          allow shop,,cart    | clause 1, 'allow shop,,cart', has a comma or a tls: with no name
          allow a; deny tls:  | clause 2, 'deny tls:', has a comma or a tls: with no name
          allow my shop       | has a name with a blank in it
          allow käse          | has a name with a blank in it, or with what can't be in a header
          """)
  void says_which_clause_is_wrong_and_why(String text, String reason) {
    Parsed<AccessRule> parsed = AccessRule.type().parse(text);
    assertThat(parsed.isProblem()).isTrue();
    assertThat(parsed.problem()).contains(reason);
  }

  @Test
  void whatever_is_written_it_does_not_throw_and_takes_only_what_it_can_print() {
    String[] bits = {
      "allow",
      "deny",
      " ",
      "  ",
      ";",
      ",",
      "*",
      "shop",
      "cart-*",
      "tls:",
      "tls:*",
      "off",
      "\t",
      "ä",
      "\0",
      ":",
      "%",
      "a.b",
      "spiffe://x/y"
    };
    Random random = new Random(13);
    int good = 0;
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int bit = random.nextInt(10); bit >= 0; bit--) {
        text.append(bits[random.nextInt(bits.length)]);
        text.append(random.nextBoolean() ? " " : "");
      }
      Parsed<AccessRule> parsed = AccessRule.type().parse(text.toString());
      if (parsed.isProblem()) {
        assertThat(parsed.problem()).isNotBlank();
      } else {
        good++;
        String printed = parsed.value().toString();
        AccessRule again = good(printed);
        assertThat(again).as(text.toString()).hasToString(printed);
        for (String name : new String[] {null, "shop", "cart-1", "a.b", "other"}) {
          assertThat(again.allows(List.of(), name))
              .isEqualTo(parsed.value().allows(List.of(), name));
        }
      }
    }
    assertThat(good).isGreaterThan(100);
  }

  @Test
  void a_megabyte_of_junk_is_refused() {
    assertThat(AccessRule.type().parse("allow a;".repeat(130_000)).problem())
        .isEqualTo("is longer than 4000 characters");
    assertThat(AccessRule.type().parse("allow a;".repeat(51)).problem())
        .isEqualTo("has more than 50 clauses");
    assertThat(AccessRule.type().parse("allow a" + ",a".repeat(200)).problem())
        .isEqualTo("has more than 200 names");
    assertThat(AccessRule.type().parse("x".repeat(3_900)).problem()).hasSizeLessThan(200);
  }

  @ParameterizedTest
  @CsvSource({
    "'allow shop, cart-*; deny *', shop, true",
    "'allow shop, cart-*; deny *', cart-blue, true",
    "'allow shop, cart-*; deny *', batch, false",
    "'allow shop, cart-*; deny *', , false",
    "'allow shop', batch, false",
    "'allow shop', , false",
    "'deny batch', batch, false",
    "'deny batch', shop, true",
    "'deny batch', , true",
    "'deny shop-test; allow shop-*', shop-test, false",
    "'deny shop-test; allow shop-*', shop-live, true",
    "'allow *', , true",
    "'allow tls:shop', shop, false",
    "'deny tls:*', shop, true",
  })
  void the_first_clause_that_speaks_of_a_caller_counts(String rule, String name, boolean allowed) {
    assertThat(good(rule).allows(List.of(), name)).isEqualTo(allowed);
  }

  @Test
  void what_a_certificate_says_counts_for_more_than_what_a_caller_says() {
    List<String> proven = List.of("spiffe://a/sa/shop", "shop.example.com");
    assertThat(good("allow batch").allows(proven, "batch")).isFalse();
    assertThat(good("allow shop.example.com").allows(proven, null)).isTrue();
    assertThat(good("allow tls:spiffe://a/*").allows(proven, null)).isTrue();
    assertThat(good("deny tls:shop.*; allow *").allows(proven, null)).isFalse();
    assertThat(good("allow tls:*").allows(List.of(), "shop.example.com")).isFalse();
  }

  @Test
  void knows_whether_it_makes_a_difference_what_callers_say() {
    assertThat(good("allow shop").needsNames()).isTrue();
    assertThat(good("allow tls:shop; deny batch").needsNames()).isTrue();
    assertThat(good("allow tls:shop; deny *").needsNames()).isFalse();
    assertThat(AccessRule.OFF.needsNames()).isFalse();
  }
}
