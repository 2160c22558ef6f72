package io.meshagent.grpc.reroute;

import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer.Subchannel;
import io.meshagent.grpc.base.GrpcInternals;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/**
 * The address that a channel's own resolver has found, if it has found one alone, seen by what
 * gRPC's {@code pick_first} keeps of it. To be asked in the channel's sync context. Stateless.
 */
final class OwnAddress {

  private OwnAddress() {}

  /**
   * Null for several, for none yet, and for another policy.
   *
   * @param helper the one that the channel gave its balancer
   */
  static InetSocketAddress of(Object helper) {
    Object balancer = GrpcInternals.field(GrpcInternals.field(helper, "lb"), "delegate");
    Object connection = GrpcInternals.field(balancer, "subchannel");
    if (connection instanceof Subchannel) {
      return only(((Subchannel) connection).getAllAddresses());
    }
    // The pick_first of newer versions has a connection for each address.
    Object count = GrpcInternals.call(GrpcInternals.field(balancer, "addressIndex"), "size");
    Object connections = GrpcInternals.field(balancer, "subchannels");
    if (!Integer.valueOf(1).equals(count) || !(connections instanceof Map)) {
      return null;
    }
    Map<?, ?> byAddress = (Map<?, ?>) connections;
    return byAddress.size() == 1 ? resolved(byAddress.keySet().iterator().next()) : null;
  }

  private static InetSocketAddress only(List<EquivalentAddressGroup> groups) {
    return groups.size() == 1 && groups.get(0).getAddresses().size() == 1
        ? resolved(groups.get(0).getAddresses().get(0))
        : null;
  }

  private static InetSocketAddress resolved(Object address) {
    return address instanceof InetSocketAddress && !((InetSocketAddress) address).isUnresolved()
        ? (InetSocketAddress) address
        : null;
  }
}
