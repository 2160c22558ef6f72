package io.meshagent.core.route.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaggageTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lane=blue",
        "lane = blue",
        "user=7,lane=blue",
        "user=7 , lane=blue;ttl=5;secret , x=y",
        "lanes=red,lane=blue,lane=green",
        "lane=%62lue",
        ",,lane=blue,",
        "lane,lane=blue"
      })
  void finds_a_member(String baggage) {
    assertThat(Baggage.value(baggage, "lane")).isEqualTo("blue");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "user=7", "lanes=blue", "xlane=blue", "lane", "lane=", "x=lane=blue"})
  void or_says_that_there_is_none(String baggage) {
    assertThat(Baggage.value(baggage, "lane")).isNull();
  }

  @Test
  void what_is_no_good_escape_stands_for_itself() {
    assertThat(Baggage.value("lane=50%", "lane")).isEqualTo("50%");
    assertThat(Baggage.value("lane=%zz%e2%82%ac", "lane")).isEqualTo("%zz€");
  }

  @Test
  void a_member_goes_on_with_all_that_belongs_to_it() {
    assertThat(Baggage.member("a=1, lane=blue;ttl=5 ,b=2", "lane")).isEqualTo("lane=blue;ttl=5");
  }
}
