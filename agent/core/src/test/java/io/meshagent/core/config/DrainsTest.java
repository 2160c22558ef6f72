package io.meshagent.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DrainsTest {

  private static final String SINCE = "2026-11-29T09:00:00Z";

  private static Parsed<Drains> parse(String text) {
    return RegistryKeys.DRAINS.type().parse(text);
  }

  @Test
  void what_is_printed_reads_as_the_same() {
    String written = " [::1]:1 by ops ;; 10.0.0.7:50051  since " + SINCE + " by a team; b:2;";
    String printed = "10.0.0.7:50051 since " + SINCE + " by a team; [::1]:1 by ops; b:2";

    assertThat(parse(written).value()).hasToString(printed);
    assertThat(parse(printed).value()).hasToString(printed);
    assertThat(parse("").value().isEmpty()).isTrue();
  }

  @Test
  void who_and_when_are_told_where_they_are_written() {
    Drains drains = parse("a:1 since " + SINCE + " by ops; b:2").value();

    assertThat(drains.note("a:1")).isEqualTo("drained since " + SINCE + " by ops");
    assertThat(drains.note("b:2")).isEqualTo("drained");
    assertThat(drains.note("c:3")).isNull();
    assertThat(drains.without("a:1").note("a:1")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a:b", "a:99999", "a:1 since yesterday", "a:1 b:2", "a:1 by"})
  void what_is_no_instance_is_a_problem(String text) {
    assertThat(parse(text).isProblem()).isTrue();
  }

  @Test
  void whoever_says_so_can_write_nothing_else() {
    Drains.Drain drain = new Drains.Drain("a:1", SINCE, "me; b:2\nfaults=on \\");

    assertThat(parse(Drains.NONE.with(drain).toString()).value().all()).hasSize(1);
    assertThat(drain.by()).doesNotContain(";", "\n", "\\");
  }

  @Test
  void of_documents_the_last_for_all_counts_and_those_for_some_are_added() {
    Drains drains =
        Drains.inDocuments(
            List.of("drains=a:1", "drains=b:2", "client.timeout=1s", "apply-to.app=x\ndrains=c:3"));

    assertThat(drains).hasToString("b:2; c:3");
    assertThat(Drains.inDocument("drains=what")).isNull();
    assertThat(Drains.inDocument("faults=off")).isNull();
  }
}
