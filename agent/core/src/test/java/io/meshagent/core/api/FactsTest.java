package io.meshagent.core.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FactsTest {

  private static final Map<String, String> SOME = Map.of("zone", "a", "app", "greeter", "b", "");

  @Test
  void is_a_sorted_map_like_any_other() {
    Map<String, String> facts = Facts.of(SOME);

    assertThat(facts).isEqualTo(SOME).hasSameHashCodeAs(SOME).hasSize(3);
    assertThat(SOME).isEqualTo(facts);
    assertThat(facts).isEqualTo(Facts.of(new TreeMap<>(SOME)));
    assertThat(facts.keySet()).containsExactly("app", "b", "zone");
    assertThat(facts.get("app")).isEqualTo("greeter");
    assertThat(facts.get("none")).isNull();
    assertThat(facts.containsKey("b")).isTrue();
    assertThat(facts.containsKey("none")).isFalse();
    assertThat(Facts.of(Map.of())).isEmpty();
  }

  @Test
  void differs_in_each_fact() {
    Map<String, String> facts = Facts.of(Map.of("a", "1", "b", "2"));

    assertThat(facts).isNotEqualTo(Facts.of(Map.of("a", "1", "b", "3")));
    assertThat(facts).isNotEqualTo(Facts.of(Map.of("a", "1", "c", "2")));
    assertThat(facts).isNotEqualTo(Facts.of(Map.of("a", "1")));
  }

  @Test
  void is_changed_by_nobody() {
    Map<String, String> facts = Facts.of(SOME);

    assertThatThrownBy(() -> facts.put("a", "b")).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> facts.remove("app")).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> facts.entrySet().iterator().next().setValue("x"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void equal_texts_become_one() {
    String text = "a text of this test";
    SharedTexts.shared(text);

    assertThat(SharedTexts.shared(String.valueOf(text.toCharArray()))).isSameAs(text);
  }
}
