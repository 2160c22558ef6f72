package io.meshagent.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaintextPasswordTest {

  private static boolean mayGo(Settings settings) {
    return PlaintextPassword.problem(settings) == null;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://127.0.0.1:2379 | true",
        "http://localhost:2379 | true",
        "http://[::1]:2379 | true",
        "https://10.0.0.5:2379 | true",
        "http://10.0.0.5:2379 | false",
        "http://etcd:2379 | false",
        "http://127.0.0.1.evil.example:2379 | false",
        "https://10.0.0.5:2379,http://10.0.0.6:2379 | false"
      })
  void a_password_goes_to_other_machines_over_tls_only(String endpoints, boolean goes) {
    String text = "etcd.user=u\netcd.password=p\netcd.endpoints=" + endpoints;
    assertThat(mayGo(TestSettings.loadText("test", text))).isEqualTo(goes);
    assertThat(mayGo(TestSettings.loadText("test", text + "\netcd.allow-plaintext-password=true")))
        .isTrue();
    String without = "etcd.endpoints=" + endpoints;
    assertThat(mayGo(TestSettings.loadText("test", without))).isTrue();
  }
}
