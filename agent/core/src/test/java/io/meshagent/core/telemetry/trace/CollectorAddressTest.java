package io.meshagent.core.telemetry.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CollectorAddressTest {

  @Test
  void reads_what_people_write() {
    assertThat(CollectorAddress.parse("http://collector:1234"))
        .hasToString("http://collector:1234");
    assertThat(CollectorAddress.parse("http://collector")).hasToString("http://collector:4317");
    assertThat(CollectorAddress.parse("HTTPS://c.example/")).hasToString("https://c.example:4317");
    assertThat(CollectorAddress.parse("http://[::1]:4317").host()).isEqualTo("::1");
    assertThat(CollectorAddress.parse("https://c").tls()).isTrue();
    assertThat(CollectorAddress.parse("http://c").tls()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"collector:4317", "grpc://collector:4317", "http://", "http://a b", "x"})
  void refuses_the_rest_in_a_sentence(String endpoint) {
    assertThatThrownBy(() -> CollectorAddress.parse(endpoint))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("\"" + endpoint + "\" is not an address like http://collector:4317");
  }
}
