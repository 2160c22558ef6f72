package io.meshagent.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetMapTest {

  private static Parsed<TargetMap> parse(String text) {
    return RegistryKeys.DISCOVER_MAP.type().parse(text);
  }

  @Test
  void what_is_printed_reads_as_the_same() {
    String written = " dns:///a:50051->app=a ;; dns:///b:* -> version=2 , app=b; ";
    String printed = "dns:///a:50051 -> app=a ; dns:///b:* -> app=b,version=2";

    assertThat(parse(written).value()).hasToString(printed);
    assertThat(parse(printed).value()).hasToString(printed);
    assertThat(parse("").value()).hasToString("").isSameAs(TargetMap.NOTHING);
  }

  @Test
  void the_first_clause_that_matches_counts() {
    TargetMap map = parse("b:1 -> app=x ; b:* -> app=y").value();

    assertThat(map.of("b:1")).hasToString("app=x");
    assertThat(map.of("b:2")).hasToString("app=y");
    assertThat(map.of("c:2")).isNull();
  }

  @Test
  void labels_are_told_by_their_name_or_as_the_agent_publishes_them() {
    InstanceLabels lane = InstanceLabels.parse("lane=blue").value();

    assertThat(lane.match(Map.of("label.lane", "blue"))).isTrue();
    assertThat(lane.match(Map.of("lane", "blue"))).isTrue();
    assertThat(lane.match(Map.of("label.lane", "red", "lane", "blue"))).isFalse();
    assertThat(lane.match(Map.of())).isFalse();
    assertThat(lane).isEqualTo(InstanceLabels.parse(" lane = blue ").value());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a | has the clause \"a\", which is not of the form",
        "-> app=a | which is not of the form",
        "a b -> app=a | which is not of the form",
        "x -> app=b ; a -> app | has the clause \"a -> app\", which has \"app\" where a label",
        "a -> | names no label",
        "a -> app= | where a label like version=2 should stand",
        "a -> app=b=c | where a label like version=2 should stand",
        "a -> weight=1 | names weight, by which no instance can be chosen",
        "a -> app=b,app=c | names app twice",
      })
  void a_clause_that_is_wrong_is_named_with_the_reason(String text, String problem) {
    assertThat(parse(text).isProblem()).isTrue();
    assertThat(parse(text).problem()).contains(problem);
  }
}
