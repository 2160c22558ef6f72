package io.meshagent.core.route;

import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Rights;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which instance of a service is at an address, at one moment. Immutable. */
final class AddressIndex {

  private final Endpoints of;
  private final Map<InetSocketAddress, Endpoint> byAddress = new HashMap<>();

  /** Those on this machine. Null where two of them have the same port. */
  private final Map<Integer, Endpoint> hereByPort = new HashMap<>();

  AddressIndex(Endpoints of) {
    this.of = of;
    for (Endpoint endpoint : of.list()) {
      InetSocketAddress address = endpoint.instance().address();
      byAddress.put(address, endpoint);
      // A channel whose target has the same name, and has not been resolved yet.
      byAddress.put(
          InetSocketAddress.createUnresolved(endpoint.instance().host(), address.getPort()),
          endpoint);
      if (isHere(address.getAddress())) {
        boolean several = hereByPort.containsKey(address.getPort());
        hereByPort.put(address.getPort(), several ? null : endpoint);
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // An equal one would be as good, but costs a comparison.
  boolean isOf(Endpoints endpoints) {
    return of == endpoints;
  }

  /**
   * Null if none is there. Who dials this machine's loopback address may mean any of its others.
   */
  Endpoint find(InetSocketAddress address) {
    Endpoint there = byAddress.get(address);
    if (there != null || address.isUnresolved()) {
      return there;
    }
    return address.getAddress().isLoopbackAddress() ? hereByPort.get(address.getPort()) : null;
  }

  private static boolean isHere(InetAddress address) {
    return address != null && (address.isLoopbackAddress() || Here.ADDRESSES.contains(address));
  }

  /** This machine's addresses, asked for once and only where somebody needs them. */
  private static final class Here {
    static final Set<InetAddress> ADDRESSES = Rights.ours(Here::all);

    private static Set<InetAddress> all() {
      Set<InetAddress> all = new HashSet<>();
      try {
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
          all.addAll(Collections.list(each.getInetAddresses()));
        }
      } catch (SocketException | NullPointerException e) {
        // A machine without any, as Java 8 says it: then only what is spelled alike is the same.
        return Collections.emptySet();
      }
      return all;
    }
  }
}
