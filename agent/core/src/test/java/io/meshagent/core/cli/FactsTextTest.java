package io.meshagent.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What policies show of themselves, as it is printed for people. */
class FactsTextTest {

  private static List<String> lines(String json) {
    List<String> lines = new ArrayList<>();
    new FactsText(lines::add).print(JsonParser.parseString(json).getAsJsonObject());
    return lines;
  }

  @Test
  void a_row_is_a_line_and_each_of_its_parts_one_more() {
    assertThat(
            lines(
                """
                {"breakers": {"a.B/C": "CLOSED"},
                 "access": {"server.access": {
                   "rule": "allow shop; deny *", "allowed": 3, "not let in": {"batch": 4, "x": 1}}}}
                """))
        .containsExactly(
            "  breakers: a.B/C: CLOSED",
            "  access: server.access",
            "    rule: allow shop; deny *",
            "    allowed: 3",
            "    not let in: batch 4, x 1");
  }

  @Test
  void lists_are_a_line_each_and_nothing_is_said_as_none() {
    assertThat(
            lines(
                """
                {"routes": {"a.B": [{"clause": "* -> v=1", "instances": 2}, {"clause": "x"}]},
                 "shed": {"cpu": null, "names": ["a", "b"], "strangers": {"of": {}, "to": []}},
                 "plain": 7}
                """))
        .containsExactly(
            "  routes: a.B",
            "    clause * -> v=1, instances 2",
            "    clause x",
            "  shed: cpu: none",
            "  shed: names: a, b",
            "  shed: strangers",
            "    of: none",
            "    to: none",
            "  plain: 7");
  }
}
