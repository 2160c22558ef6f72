package io.meshagent.core.call;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceIdTest {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  @Test
  void reads_trace_span_and_whether_it_is_recorded() {
    String header = "00-" + TRACE + "-" + SPAN + "-01";
    assertThat(TraceId.trace(header)).isEqualTo(TRACE);
    assertThat(TraceId.span(header)).isEqualTo(SPAN);
    assertThat(TraceId.isSampled(header)).isTrue();
    assertThat(TraceId.isSampled("00-" + TRACE + "-" + SPAN + "-03")).isTrue();
    assertThat(TraceId.isSampled("00-" + TRACE + "-" + SPAN + "-00")).isFalse();
    assertThat(TraceId.isOne(header.getBytes(ISO_8859_1))).isTrue();
    assertThat(TraceId.isSampled(header.getBytes(ISO_8859_1))).isTrue();
    assertThat(TraceId.isSampled(("00-" + TRACE + "-" + SPAN + "-02").getBytes(ISO_8859_1)))
        .isFalse();
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(
      strings = {
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n",
        "00-4bf92f3577b34da6a3ce929d0e0e473\"-00f067aa0ba902b7-01",
        "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7"
      })
  void has_nothing_to_say_of_what_is_no_such_header(String header) {
    assertThat(TraceId.trace(header)).isNull();
    assertThat(TraceId.span(header)).isNull();
    assertThat(TraceId.isSampled(header)).isFalse();
    byte[] raw = header == null ? null : header.getBytes(ISO_8859_1);
    assertThat(TraceId.isOne(raw)).isFalse();
    assertThat(TraceId.isSampled(raw)).isFalse();
  }
}
