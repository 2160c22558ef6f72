package io.meshagent.grpc.reroute;

import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.SubchannelPicker;

/** What a channel has whose balancer has not published: calls wait. Stateless. */
final class NothingYet extends SubchannelPicker {
  @Override
  public PickResult pickSubchannel(PickSubchannelArgs args) {
    return PickResult.withNoResult();
  }
}
