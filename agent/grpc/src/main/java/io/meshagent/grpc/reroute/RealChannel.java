package io.meshagent.grpc.reroute;

import io.meshagent.grpc.base.GrpcInternals;

/**
 * What a channel does by itself, and is not offered to its balancer.
 *
 * <p>From gRPC 1.32 on, calls wait inside the channel until its resolver has answered for the first
 * time. Where the directory can answer they need not: this lets them through, as gRPC itself does
 * when the resolver fails.
 */
final class RealChannel {

  private final Object channel;

  RealChannel(Object channel) {
    this.channel = channel;
  }

  /** In the channel's sync context. Does nothing on older versions, or once it has been done. */
  void letCallsThrough() {
    GrpcInternals.call(GrpcInternals.field(channel, "realChannel"), "onConfigError");
  }

  /** Has its own connections tried again at once, however long ago the last failure was. */
  void connectAgain() {
    GrpcInternals.call(channel, "resetConnectBackoff");
  }
}
