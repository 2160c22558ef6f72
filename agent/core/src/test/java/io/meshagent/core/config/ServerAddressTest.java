package io.meshagent.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {

  @Test
  void reads_what_people_write() {
    assertThat(ServerAddress.parse("http://collector:1234", 4317))
        .hasToString("http://collector:1234");
    assertThat(ServerAddress.parse("http://collector", 4317)).hasToString("http://collector:4317");
    assertThat(ServerAddress.parse("HTTPS://c.example/", 4317))
        .hasToString("https://c.example:4317");
    ServerAddress six = ServerAddress.parse("http://[::1]:2379", 4317);
    assertThat(six).hasToString("http://[::1]:2379");
    assertThat(six.host()).isEqualTo("::1");
    assertThat(ServerAddress.parse("https://c", 1).tls()).isTrue();
    assertThat(ServerAddress.parse("http://c", 1).tls()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"collector:4317", "grpc://collector:4317", "http://", "http://a b", "x"})
  void knows_what_is_none(String url) {
    assertThat(ServerAddress.parse(url, 4317)).isNull();
  }
}
