package io.meshagent.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextDifferenceTest {

  @Test
  void lines_stand_in_order_and_what_is_in_both_once() {
    assertThat(TextDifference.of("a\nb\nc\nd\n", "a\nc\nx\nd\n"))
        .containsExactly("  a", "- b", "  c", "+ x", "  d");
    assertThat(TextDifference.of("a\n", "a\r\n")).containsExactly("  a");
    assertThat(TextDifference.of("", "a\n")).containsExactly("+ a");
    assertThat(TextDifference.of("a\n", "")).containsExactly("- a");
  }

  @Test
  void very_long_differences_are_told_as_gone_and_new() {
    assertThat(TextDifference.of("a\n".repeat(3_000), "b\n".repeat(3_000)))
        .hasSize(6_000)
        .startsWith("- a")
        .endsWith("+ b");
  }
}
