package io.meshagent.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangesTest {

  private static AddressRanges ranges(String text) {
    return AddressRanges.type().parse(text).value();
  }

  private static InetAddress address(String text) {
    return InetAddresses.forString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1", "::1", "10.1.2.3", "8.8.8.8", "fd00::1", "fec0::1", "169.253.1.1"})
  void usual_addresses_may_be_called(String text) {
    assertThat(AddressRanges.USUAL.allows(address(text))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "fe80::1",
        "febf::1",
        "224.0.0.1",
        "239.255.255.255",
        "ff02::1",
        "0.0.0.0",
        "0.1.2.3",
        "::"
      })
  void what_is_link_local_multicast_or_unspecified_may_not(String text) {
    assertThat(AddressRanges.USUAL.allows(address(text))).isFalse();
    assertThat(ranges("").allows(address(text))).isFalse();
  }

  @Test
  void ipv4_that_is_written_as_ipv6_is_judged_as_ipv4() throws UnknownHostException {
    byte[] mapped = new byte[16];
    mapped[10] = -1;
    mapped[11] = -1;
    mapped[12] = (byte) 169;
    mapped[13] = (byte) 254;
    Inet6Address linkLocal = Inet6Address.getByAddress(null, mapped, -1);
    assertThat(linkLocal.isLinkLocalAddress()).as("by itself Java does not see it").isFalse();

    assertThat(AddressRanges.USUAL.allows(linkLocal)).isFalse();
    assertThat(ranges("::/0").allows(linkLocal)).isFalse();
    assertThat(ranges("169.254.0.0/16").allows(linkLocal)).isTrue();
    assertThat(ranges("::ffff:169.254.0.0/112").allows(linkLocal)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.0.1, 11.0.0.1",
    "10.1.2.3/8, 10.255.0.1, 11.0.0.1",
    "192.168.4.0/22, 192.168.7.255, 192.168.8.0",
    "192.168.4.1, 192.168.4.1, 192.168.4.2",
    "0.0.0.0/0, 169.254.169.254, ::1",
    "fd00::/8, fdff::1, fc00::1",
    "fd00::1, fd00::1, fd00::2",
    "2001:db8::/33, 2001:db8:7fff::1, 2001:db8:8000::1",
    "::ffff:10.0.0.0/104, 10.9.9.9, 11.0.0.0",
  })
  void a_network_holds_what_begins_like_it(String network, String inside, String outside) {
    assertThat(ranges(network).allows(address(inside))).isTrue();
    assertThat(ranges(network).allows(address(outside))).isFalse();
    assertThat(ranges("203.0.113.0/24," + network).allows(address(inside))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/33",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "10.0.0/8",
        "fd00::/129",
        "::ffff:10.0.0.0/8",
        "fe80::1%eth0",
        "example.org",
        "example.org/8",
        "/8",
        "10.0.0.0/8/8"
      })
  void what_is_no_network_is_told(String text) {
    assertThat(AddressRanges.type().parse("10.0.0.0/8, " + text).problem())
        .isEqualTo(
            "names " + text + ", which is no network like 10.0.0.0/8 or fd00::/8, nor an address");
  }

  @Test
  void is_shown_as_it_was_written() {
    assertThat(ranges("10.0.0.0/8, fd00::1")).hasToString("10.0.0.0/8,fd00::1");
  }
}
