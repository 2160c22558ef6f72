package io.meshagent.core.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackNamesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST:9464", "127.0.0.1", "127.3.2.1:80", "[::1]", "[::1]:9464"})
  void allows_names_of_this_machine(String host) {
    assertThat(LoopbackNames.allow(host)).isTrue();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        ":80",
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1.evil.example:9464",
        "[::2]:9464",
        "10.0.0.1:9464",
        "[::1].evil.example",
        "localhost:9464:80"
      })
  void refuses_all_others(String host) {
    assertThat(LoopbackNames.allow(host)).isFalse();
  }
}
