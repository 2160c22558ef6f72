package io.meshagent.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class RecentLinesTest {

  private final RecentLines lines = new RecentLines();

  private void add(String sentence) {
    lines.add(Instant.EPOCH, "info", sentence);
  }

  @Test
  void the_youngest_comes_first() {
    add("one");
    add("two");

    assertThat(lines.all()).extracting(LogLine::sentence).containsExactly("two", "one");
    assertThat(lines.all().get(0).when()).isEqualTo(Instant.EPOCH);
    assertThat(lines.all().get(0).level()).isEqualTo("info");
  }

  @Test
  void the_eldest_goes_and_long_ones_are_cut() {
    for (int i = 0; i < 150; i++) {
      add(i + " " + "x".repeat(10_000));
    }

    assertThat(lines.all()).hasSize(100);
    assertThat(lines.all().get(0).sentence()).startsWith("149 x").hasSize(1_001).endsWith("…");
    assertThat(lines.all().get(99).sentence()).startsWith("50 ");
  }

  @Test
  void nothing_remains_when_it_is_cleared() {
    add("one");

    lines.clear();

    assertThat(lines.all()).isEmpty();
  }
}
