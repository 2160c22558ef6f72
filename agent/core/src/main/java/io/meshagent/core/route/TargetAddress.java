package io.meshagent.core.route;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The address that a target spells out. Asks no name service. Stateless. */
final class TargetAddress {

  private TargetAddress() {}

  /**
   * The host and port at the end of a target, which is where all of gRPC's own resolvers have it.
   *
   * @param target as the program wrote it
   * @return unresolved if the host is a name; null if there is no host with a port
   */
  static InetSocketAddress of(String target) {
    String end = target.substring(target.lastIndexOf('/') + 1);
    HostAndPort written;
    try {
      written = HostAndPort.fromString(end);
    } catch (IllegalArgumentException e) {
      return null;
    }
    String host = written.getHost();
    if (!written.hasPort() || host.isEmpty()) {
      return null;
    }
    int port = written.getPort();
    if (host.equalsIgnoreCase("localhost")) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
    return InetAddresses.isInetAddress(host)
        ? new InetSocketAddress(InetAddresses.forString(host), port)
        : InetSocketAddress.createUnresolved(host, port);
  }
}
