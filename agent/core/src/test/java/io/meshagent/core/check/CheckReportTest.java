package io.meshagent.core.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CheckReportTest {

  private static final CheckReport REPORT =
      new CheckReport(
          List.of(
              Finding.good("grpc", "gRPC 1.45.4: all works"),
              Finding.hint("agents", "another agent", "try both"),
              Finding.wrong("address", "nobody gets there", "correct it")),
          12);

  @Test
  void a_sentence_says_what_was_seen_what_to_do_and_where_more_is() {
    assertThat(REPORT.findings())
        .extracting(Finding::sentence)
        .containsExactly(
            "gRPC 1.45.4: all works.",
            "another agent; try both (agent/docs/check.md#agents).",
            "nobody gets there; correct it (agent/docs/check.md#address).");
  }

  @Test
  void one_that_is_wrong_makes_all_of_it_wrong() {
    assertThat(REPORT.isGood()).isFalse();
    assertThat(new CheckReport(REPORT.findings().subList(0, 2), 1).isGood()).isTrue();
    assertThat(REPORT.count(Finding.Mark.HINT)).isEqualTo(1);
  }

  @Test
  void what_programs_are_told_has_this_shape() {
    assertThat(new CheckReport(REPORT.findings().subList(2, 3), 12).json("a.properties"))
        .isEqualTo(
            """
            {
              "ok": false,
              "of": "a.properties",
              "millis": 12,
              "looks": [
                {
                  "look": "address",
                  "result": "wrong",
                  "seen": "nobody gets there",
                  "do": "correct it",
                  "docs": "agent/docs/check.md#address"
                }
              ]
            }""");
  }

  @Test
  void what_a_page_tells_is_read_again() {
    String json = REPORT.json("pid 1");
    assertThat(CheckReport.parse(json).json("pid 1")).isEqualTo(json);
  }

  @Test
  void what_is_no_report_is_none() {
    for (String text : List.of("", "[]", "ok", "{}", "{\"looks\": 1, \"millis\": 2}", "{\"")) {
      assertThat(CheckReport.parse(text)).as(text).isNull();
    }
    assertThat(CheckReport.parse("{\"millis\": 2, \"looks\": [1, {}, {\"look\": 1}]}").findings())
        .isEmpty();
  }
}
