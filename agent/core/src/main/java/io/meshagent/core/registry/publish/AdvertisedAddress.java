package io.meshagent.core.registry.publish;

import io.meshagent.core.registry.format.HostPort;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * Under which address a server is published: one that its clients can reach. Called by the
 * registrar on its thread; may ask the name service. Stateless but for what it was made with.
 */
public final class AdvertisedAddress {

  private final RegistrarSettings settings;
  private final Network network;

  AdvertisedAddress(RegistrarSettings settings, Network network) {
    this.settings = settings;
    this.network = network;
  }

  /** The host of a server that listens on all addresses, as most do. */
  public static String hostOfMost(RegistrarSettings.Address address) {
    RegistrarSettings settings =
        new RegistrarSettings(
            true, address, service -> false, Collections.emptyMap(), Duration.ZERO, false);
    // Any port will do: it is not part of the answer.
    InetSocketAddress bound = new InetSocketAddress(1);
    return new AdvertisedAddress(settings, new SystemNetwork())
        .choose(Collections.singleton(bound))
        .host();
  }

  /** The outcome: an address, or a reason why there is none, or neither for nothing to publish. */
  static final class Choice {
    private final String host;
    private final int port;
    private final String problem;

    private Choice(String host, int port, String problem) {
      this.host = host;
      this.port = port;
      this.problem = problem;
    }

    /** Null if nothing is to be published. */
    String host() {
      return host;
    }

    int port() {
      return port;
    }

    /** A sentence for people, or null. */
    String problem() {
      return problem;
    }
  }

  /** The best of a server's sockets, by how many clients can reach it. */
  Choice choose(Collection<SocketAddress> sockets) {
    if (sockets.isEmpty()) {
      return ofContainer();
    }
    List<InetSocketAddress> bound = new ArrayList<>();
    for (SocketAddress socket : sockets) {
      // In-process and unix sockets have no address that another machine could use.
      if (socket instanceof InetSocketAddress && ((InetSocketAddress) socket).getPort() > 0) {
        bound.add((InetSocketAddress) socket);
      }
    }
    return bound.stream()
        .min(Comparator.comparingInt(AdvertisedAddress::reach))
        .map(this::publish)
        .orElseGet(() -> new Choice(null, 0, null));
  }

  /** A server in a servlet container has no socket: its calls come through the container's. */
  private Choice ofContainer() {
    if (settings.port() == 0) {
      return new Choice(
          null,
          0,
          "a gRPC server of this program is not registered, because it has no port of its own, as"
              + " in a servlet container; set register.port to the port of the container");
    }
    return publish(new InetSocketAddress(settings.port()));
  }

  private static int reach(InetSocketAddress bound) {
    InetAddress address = bound.getAddress();
    if (address == null) {
      return 3;
    }
    if (needsZone(address)) {
      return 3;
    }
    return address.isLoopbackAddress() ? 2 : address.isAnyLocalAddress() ? 1 : 0;
  }

  /** Whoever calls it has to say by which of his own interfaces, which an entry can't tell him. */
  private static boolean needsZone(InetAddress address) {
    return address instanceof Inet6Address && address.isLinkLocalAddress();
  }

  private Choice publish(InetSocketAddress bound) {
    int port = settings.port() > 0 ? settings.port() : bound.getPort();
    InetAddress address = bound.getAddress();
    if (settings.host() != null) {
      return new Choice(bare(settings.host()), port, null);
    }
    if (address == null) {
      return new Choice(bound.getHostString(), port, null);
    }
    if (address.isAnyLocalAddress()) {
      InetAddress reached = settings.etcdHosts().isEmpty() ? loopback() : own();
      return new Choice(HostPort.text(reached), port, null);
    }
    String problem = null;
    if (needsZone(address)) {
      problem = "a link-local address is of use only together with the caller's own interface";
    } else if (address.isLoopbackAddress() && !allOnThisMachine()) {
      problem = "other machines cannot reach a loopback address";
    }
    if (problem == null) {
      return new Choice(HostPort.text(address), port, null);
    }
    return new Choice(
        null,
        0,
        "the server on "
            + HostPort.text(address)
            + " port "
            + bound.getPort()
            + " is not registered, because "
            + problem
            + "; bind it to another address, or set register.host to the one it is reached by");
  }

  private boolean allOnThisMachine() {
    return settings.etcdHosts().stream().allMatch(network::isLoopback);
  }

  /** The address by which this machine is known where etcd is, or else the likeliest one. */
  private InetAddress own() {
    InetAddress route = network.routeTo(settings.etcdHosts().get(0));
    if (route != null && !route.isLoopbackAddress() && !needsZone(route)) {
      return route;
    }
    InetAddress best = null;
    int bestRank = Integer.MAX_VALUE;
    for (Network.Interface each : network.interfaces()) {
      for (InetAddress address : each.addresses()) {
        int rank = rank(address) + (each.isInternal() ? 10 : 0);
        if (!isUseless(address) && rank < bestRank) {
          best = address;
          bestRank = rank;
        }
      }
    }
    return best == null ? loopback() : best;
  }

  private static boolean isUseless(InetAddress address) {
    return address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isAnyLocalAddress()
        || address.isMulticastAddress();
  }

  private static int rank(InetAddress address) {
    boolean ipv4 = address.getAddress().length == 4;
    return ipv4 ? (address.isSiteLocalAddress() ? 0 : 1) : 2;
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }

  private static String bare(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }
}
