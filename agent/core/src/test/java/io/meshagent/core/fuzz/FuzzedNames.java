package io.meshagent.core.fuzz;

import io.meshagent.core.config.AddressRanges;
import io.meshagent.core.registry.format.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** A name service that knows everybody, and answers with what may be called and what may not. */
public final class FuzzedNames {

  private static final String[] ADDRESSES = {
    "10.0.0.1", "169.254.169.254", "fe80::1", "::ffff:169.254.1.1", "224.0.0.1", "::", "fd00::1"
  };

  private FuzzedNames() {}

  public static InetSocketAddress resolve(HostPort at) {
    try {
      if (!at.isName()) {
        return at.resolve();
      }
      int one = Math.floorMod(at.host().hashCode(), ADDRESSES.length + 1);
      return one == ADDRESSES.length
          ? InetSocketAddress.createUnresolved(at.host(), at.port())
          : new InetSocketAddress(InetAddress.getByName(ADDRESSES[one]), at.port());
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  /** Fails if an address may not be called that is to be. */
  public static void check(InetSocketAddress address) {
    InetAddress where = address.getAddress();
    if (where == null) {
      return;
    }
    boolean forbidden =
        where.isAnyLocalAddress() || where.isLinkLocalAddress() || where.isMulticastAddress();
    if (forbidden || !AddressRanges.USUAL.allows(where)) {
      throw new AssertionError("calls would go to " + address);
    }
  }
}
