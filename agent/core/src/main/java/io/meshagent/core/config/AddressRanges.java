package io.meshagent.core.config;

import com.google.common.net.InetAddresses;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The addresses that may be called: those of some networks, or, if none is named, all but those
 * that no service can have or that reach what is only for this machine: unspecified, link-local
 * (where clouds keep their credentials) and multicast. An IPv4 address that is written as IPv6 is
 * one of IPv4 here. Immutable.
 */
public final class AddressRanges {

  /** What holds where none is named. */
  public static final AddressRanges USUAL = new AddressRanges(Collections.emptyList());

  private static final int IPV4_BITS = 32;

  /** How many bits stand before an IPv4 address that is written as IPv6. */
  private static final int MAPPED_BITS = 96;

  private final List<Range> ranges;

  private AddressRanges(List<Range> ranges) {
    this.ranges = ranges;
  }

  /** All addresses that begin with the same bits. Immutable. */
  private static final class Range {
    private final String text;
    private final byte[] network;
    private final int bits;

    Range(String text, byte[] network, int bits) {
      this.text = text;
      this.network = network;
      this.bits = bits;
    }

    boolean holds(byte[] address) {
      if (address.length != network.length) {
        return false;
      }
      int whole = bits / 8;
      for (int i = 0; i < whole; i++) {
        if (address[i] != network[i]) {
          return false;
        }
      }
      int rest = bits % 8;
      return rest == 0 || ((address[whole] ^ network[whole]) & 0xff) >>> (8 - rest) == 0;
    }
  }

  static Type<AddressRanges> type() {
    return Types.simple("list of networks", "", AddressRanges::parse, AddressRanges::toString);
  }

  private static Parsed<AddressRanges> parse(String text) {
    List<Range> ranges = new ArrayList<>();
    for (String item : Types.items(text)) {
      Range range = range(item);
      if (range == null) {
        return Parsed.problem(
            "names " + item + ", which is no network like 10.0.0.0/8 or fd00::/8, nor an address");
      }
      ranges.add(range);
    }
    return Parsed.value(ranges.isEmpty() ? USUAL : new AddressRanges(ranges));
  }

  /** Null if it is none. */
  private static Range range(String item) {
    int slash = item.indexOf('/');
    String host = slash < 0 ? item : item.substring(0, slash);
    if (host.indexOf('%') >= 0 || !InetAddresses.isInetAddress(host)) {
      return null;
    }
    InetAddress address = InetAddresses.forString(host);
    int before = address instanceof Inet4Address && host.indexOf(':') >= 0 ? MAPPED_BITS : 0;
    int most = bytes(address).length * 8 + before;
    String length = slash < 0 ? String.valueOf(most) : item.substring(slash + 1);
    if (!length.matches("[0-9]{1,3}")) {
      return null;
    }
    int bits = Integer.parseInt(length);
    return bits < before || bits > most ? null : new Range(item, bytes(address), bits - before);
  }

  /** Four bytes for IPv4, however it is written. */
  private static byte[] bytes(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean mapped = bytes.length * 8 == MAPPED_BITS + IPV4_BITS;
    for (int i = 0; mapped && i < MAPPED_BITS / 8; i++) {
      mapped = bytes[i] == (i < 10 ? 0 : -1);
    }
    return mapped ? Arrays.copyOfRange(bytes, MAPPED_BITS / 8, bytes.length) : bytes;
  }

  /** Whether the address may be called. Asks nobody. */
  public boolean allows(InetAddress address) {
    byte[] bytes = bytes(address);
    if (ranges.isEmpty()) {
      return bytes.length == IPV4_BITS / 8 ? isUsualIpv4(bytes) : isUsualIpv6(bytes);
    }
    for (Range range : ranges) {
      if (range.holds(bytes)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isUsualIpv4(byte[] address) {
    int first = address[0] & 0xff;
    boolean linkLocal = first == 169 && (address[1] & 0xff) == 254;
    boolean multicast = first >= 224 && first < 240;
    // All of 0.0.0.0/8 is "this host" (RFC 1122, 3.2.1.3).
    return first != 0 && !linkLocal && !multicast;
  }

  private static boolean isUsualIpv6(byte[] address) {
    int first = address[0] & 0xff;
    boolean linkLocal = first == 0xfe && (address[1] & 0xc0) == 0x80;
    boolean unspecified = Arrays.equals(address, new byte[address.length]);
    return !unspecified && !linkLocal && first != 0xff;
  }

  @Override
  public String toString() {
    return ranges.stream().map(range -> range.text).collect(Collectors.joining(","));
  }
}
