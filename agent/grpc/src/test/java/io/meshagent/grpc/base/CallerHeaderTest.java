package io.meshagent.grpc.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallerHeaderTest {

  private static final Metadata.Key<String> KEY = MetadataCall.key("mesh-caller");
  private static final Metadata.Key<String> BEFORE = MetadataCall.key("x-before");
  private static final Metadata.Key<String> AFTER = MetadataCall.key("x-after");

  private final Metadata headers = new Metadata();

  @Test
  void what_an_agent_adds_another_reads_and_takes_out_and_all_else_stays_in_its_order() {
    Metadata without = new Metadata();
    for (Metadata each : new Metadata[] {headers, without}) {
      each.put(BEFORE, "1");
    }
    CallerHeader.add(headers, CallerHeader.of("shop"));
    for (Metadata each : new Metadata[] {headers, without}) {
      each.put(AFTER, "2");
      each.put(BEFORE, "3");
    }

    assertThat(headers.get(KEY)).isEqualTo("shop;agent");
    assertThat(CallerHeader.name(headers)).isEqualTo("shop");
    CallerHeader.takeOut(headers);
    assertThat(headers).hasToString(without.toString());
    CallerHeader.takeOut(headers);
    assertThat(CallerHeader.name(headers)).isNull();
  }

  @Test
  void it_is_there_once_however_often_it_is_added() {
    CallerHeader.add(headers, CallerHeader.of("shop"));
    CallerHeader.add(headers, CallerHeader.of("shop"));
    CallerHeader.add(headers, null);
    assertThat(headers.getAll(KEY)).containsExactly("shop;agent");
  }

  @Test
  void a_header_of_the_programs_own_stays_as_it_is_and_is_its_name() {
    headers.put(KEY, "go-shop");
    CallerHeader.add(headers, CallerHeader.of("shop"));
    assertThat(CallerHeader.name(headers)).isEqualTo("go-shop");
    CallerHeader.takeOut(headers);
    assertThat(headers.getAll(KEY)).containsExactly("go-shop");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " shop", "käse", "a\tb"})
  void what_can_not_be_the_value_of_a_header_is_not_said(String application) {
    assertThat(CallerHeader.of(application)).isNull();
    assertThat(CallerHeader.of("x".repeat(201))).isNull();
    assertThat(CallerHeader.of("x".repeat(200))).isNotNull();
  }

  @Test
  void a_name_that_is_empty_or_far_too_long_is_none() {
    headers.put(KEY, ";agent");
    assertThat(CallerHeader.name(headers)).isNull();
    CallerHeader.takeOut(headers);
    assertThat(headers.containsKey(KEY)).isFalse();
    headers.put(KEY, "x".repeat(201));
    assertThat(CallerHeader.name(headers)).isNull();
  }
}
