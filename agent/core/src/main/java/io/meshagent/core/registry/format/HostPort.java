package io.meshagent.core.registry.format;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code host:port} as it stands in a registry: a name, an IPv4 address or an IPv6 address in
 * brackets. Immutable. Parsing is strict, because what comes in is anybody's text; {@link #resolve}
 * asks the name service for names and for nothing else.
 *
 * <p>An address has one spelling here, however it was written: Java's own writes {@code
 * 0:0:0:0:0:0:0:1}, Go's {@code ::1}, and both are one instance.
 */
public final class HostPort {

  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\\.[A-Za-z0-9_-]+)*\\.?");
  private static final Pattern IPV4 = Pattern.compile("[0-9.]+");

  /** Without a zone: that is an interface of whoever wrote it, and another one elsewhere. */
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:][0-9A-Fa-f:.]+");

  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
  private static final int LONGEST_HOST = 253;

  private final String host;
  private final int port;

  /** Null for a name. */
  private final InetAddress literal;

  private HostPort(String name, int port) {
    this.host = name;
    this.port = port;
    this.literal = null;
  }

  private HostPort(InetAddress literal, int port) {
    this.host = text(literal);
    this.port = port;
    this.literal = literal;
  }

  /** An address in its one spelling, that of RFC 5952; with its zone where it needs one. */
  public static String text(InetAddress address) {
    String text = InetAddresses.toAddrString(address);
    int zone = text.indexOf('%');
    return zone < 0 || address.isLinkLocalAddress() ? text : text.substring(0, zone);
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
      boolean ipv6 = host.indexOf(':') >= 0 && IPV6.matcher(host).matches();
      return ipv6 ? ofLiteral(host, port) : null;
    }
    if (IPV4.matcher(text).matches()) {
      return isIpv4(text) ? ofLiteral(text, port) : null;
    }
    boolean name = text.length() <= LONGEST_HOST && NAME.matcher(text).matches();
    return name ? new HostPort(text, port) : null;
  }

  /** Strict: four numbers up to 255; the JDK would take fewer, or ask the name service. */
  private static boolean isIpv4(String text) {
    String[] parts = text.split("\\.", -1);
    for (String part : parts) {
      if (part.isEmpty() || part.length() > 3 || Integer.parseInt(part) > 255) {
        return false;
      }
    }
    return parts.length == 4;
  }

  private static HostPort ofLiteral(String text, int port) {
    try {
      // The JDK takes it for a literal, by its colon or four numbers, and asks no name service.
      return new HostPort(InetAddress.getByName(text), port);
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

  /** Whether the name service has to be asked where it is. */
  public boolean isName() {
    return literal == null;
  }

  /**
   * Where to connect; unresolved if the name service does not know the name. Blocks for a name. Of
   * several addresses the smallest is taken, so that the answer does not change from call to call.
   */
  public InetSocketAddress resolve() {
    List<InetSocketAddress> all = resolveAll();
    return all.isEmpty() ? InetSocketAddress.createUnresolved(host, port) : all.get(0);
  }

  /**
   * Every address that it has, always in the same order, IPv4 first; empty if the name service does
   * not know the name. Blocks for a name.
   */
  public List<InetSocketAddress> resolveAll() {
    try {
      if (literal != null) {
        return Collections.singletonList(new InetSocketAddress(literal, port));
      }
      return Arrays.stream(InetAddress.getAllByName(host))
          .sorted(
              Comparator.comparing((InetAddress address) -> address.getAddress().length)
                  .thenComparing(InetAddress::getHostAddress))
          .map(address -> new InetSocketAddress(address, port))
          .collect(Collectors.toList());
    } catch (UnknownHostException | SecurityException e) {
      return Collections.emptyList();
    }
  }
}
