package io.meshagent.core.registry;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * {@code host:port} as it stands in a registry: a name, an IPv4 address or an IPv6 address in
 * brackets. Immutable. Parsing is strict, because what comes in is anybody's text; {@link #resolve}
 * asks the name service for names and for nothing else.
 */
public final class HostPort {

  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\\.[A-Za-z0-9_-]+)*\\.?");
  private static final Pattern IPV4 = Pattern.compile("[0-9.]+");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
  private static final int LONGEST_HOST = 253;

  private final String host;
  private final int port;

  /** The bytes of an address literal; null for a name. */
  private final byte[] literal;

  private HostPort(String host, int port, byte[] literal) {
    this.host = host;
    this.port = port;
    this.literal = literal;
  }

  /** Null if the text is anything but one host and one port. */
  public static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0 || !PORT.matcher(text.substring(colon + 1)).matches()) {
      return null;
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    return port < 1 || port > 65_535 ? null : ofHost(text.substring(0, colon), port);
  }

  private static HostPort ofHost(String text, int port) {
    if (text.startsWith("[") && text.endsWith("]")) {
      String host = text.substring(1, text.length() - 1);
      byte[] bytes = IPV6.matcher(host).matches() ? literalBytes(host) : null;
      return bytes == null ? null : new HostPort(host, port, bytes);
    }
    if (IPV4.matcher(text).matches()) {
      byte[] bytes = ipv4Bytes(text);
      return bytes == null ? null : new HostPort(text, port, bytes);
    }
    boolean name = text.length() <= LONGEST_HOST && NAME.matcher(text).matches();
    return name ? new HostPort(text, port, null) : null;
  }

  /** Strict: four numbers up to 255; the JDK would take fewer, or ask the name service. */
  private static byte[] ipv4Bytes(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return null;
    }
    byte[] bytes = new byte[4];
    for (int i = 0; i < 4; i++) {
      if (parts[i].isEmpty() || parts[i].length() > 3 || Integer.parseInt(parts[i]) > 255) {
        return null;
      }
      bytes[i] = (byte) Integer.parseInt(parts[i]);
    }
    return bytes;
  }

  private static byte[] literalBytes(String ipv6) {
    try {
      // With a colon in it, the JDK takes it for a literal and never asks the name service.
      return InetAddress.getByName(ipv6).getAddress();
    } catch (UnknownHostException e) {
      return null;
    }
  }

  /** Without brackets. */
  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  /**
   * Where to connect; unresolved if the name service does not know the name. Blocks for a name. Of
   * several addresses the smallest is taken, so that the answer does not change from call to call.
   */
  public InetSocketAddress resolve() {
    try {
      if (literal != null) {
        return new InetSocketAddress(InetAddress.getByAddress(literal), port);
      }
      return Arrays.stream(InetAddress.getAllByName(host))
          .min(
              Comparator.comparing((InetAddress address) -> address.getAddress().length)
                  .thenComparing(InetAddress::getHostAddress))
          .map(address -> new InetSocketAddress(address, port))
          .orElseGet(() -> InetSocketAddress.createUnresolved(host, port));
    } catch (UnknownHostException | SecurityException e) {
      return InetSocketAddress.createUnresolved(host, port);
    }
  }
}
