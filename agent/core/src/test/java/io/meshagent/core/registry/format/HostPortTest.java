package io.meshagent.core.registry.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {

  private static String host(String text) {
    return HostPort.parse(text).host();
  }

  /** The examples of RFC 5952, and what Java, Go and people write. */
  @ParameterizedTest
  @CsvSource({
    "0:0:0:0:0:0:0:1, ::1",
    "0000:0000:0000:0000:0000:0000:0000:0001, ::1",
    "2001:DB8:0:0:0:0:0:7, 2001:db8::7",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "1::, 1::",
    "::ffff:10.0.0.7, 10.0.0.7"
  })
  void an_address_has_one_spelling(String written, String spelt) {
    assertThat(host("[" + written + "]:80")).isEqualTo(spelt);
    assertThat(host("[" + written.toUpperCase(Locale.ROOT) + "]:80")).isEqualTo(spelt);
  }

  @Test
  void names_and_ipv4_addresses_stay_as_they_are() {
    assertThat(host("Greeter.local:80")).isEqualTo("Greeter.local");
    assertThat(host("10.0.0.7:80")).isEqualTo("10.0.0.7");
  }

  @Test
  void an_interface_of_this_machine_is_no_part_of_an_address_that_needs_none()
      throws UnknownHostException {
    assertThat(HostPort.text(InetAddress.getByName("2001:db8::7%2"))).isEqualTo("2001:db8::7");
    assertThat(HostPort.text(InetAddress.getByName("fe80::7%2"))).isEqualTo("fe80::7%2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":80",
        "host",
        "host:",
        "host:0",
        "host:65536",
        "host:+1",
        "::1:80",
        "[::1]",
        "[]:80",
        "[::1:80",
        "[1::2::3]:80",
        "[.:1]:80",
        "[1.2.3.4]:80",
        "[host]:80",
        "[fe80::7%2]:80",
        "[fe80::7%eth0]:80",
        "1.2.3:80",
        "1.2.3.256:80",
        "1.2.3.4.5:80",
        "1..3.4:80",
        "a b:80",
        "-a:80",
        "a/b:80"
      })
  void anything_else_is_none(String text) {
    assertThat(HostPort.parse(text)).isNull();
  }
}
