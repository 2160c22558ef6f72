package io.meshagent.grpc.reroute;

import io.grpc.ConnectivityState;
import io.grpc.LoadBalancer.Helper;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.meshagent.core.api.Mesh;
import io.meshagent.grpc.ChannelFacts;
import io.meshagent.grpc.Channels;
import io.meshagent.grpc.Plans;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Keeps a {@link ChannelRouter} for each channel that is active and may be rerouted. Every method
 * is called in the channel's sync context.
 */
public final class Rerouting {

  private final Mesh mesh;
  private final Plans plans;
  private final Channels channels;

  /** By channel; an entry lives from active to idle, and gRPC ends every channel with idle. */
  private final Map<Object, ChannelRouter> routers =
      Collections.synchronizedMap(new IdentityHashMap<>());

  public Rerouting(Mesh mesh, Plans plans, Channels channels) {
    this.mesh = mesh;
    this.plans = plans;
    this.channels = channels;
  }

  /** The channel has left idle mode; its own resolver may take as long as it likes from here. */
  public void active(Object channel, Object helper) {
    ChannelRouter router = router(channel, helper);
    if (router != null) {
      router.begin();
    }
  }

  /** The channel drops its balancer. */
  public void idle(Object channel) {
    ChannelRouter router = routers.remove(channel);
    if (router != null) {
      channels.of(channel).demandBy(null);
      router.end();
    }
  }

  /**
   * The channel's own balancer publishes.
   *
   * @return {@code {state, picker}} to publish instead, or null to leave it as it is
   */
  public Object[] publishing(Object channel, Object helper, Object state, Object picker) {
    if (picker instanceof MeshPicker || state == ConnectivityState.SHUTDOWN) {
      return null;
    }
    ChannelRouter router = router(channel, helper);
    if (router == null) {
      return null;
    }
    router.own((ConnectivityState) state, (SubchannelPicker) picker);
    return new Object[] {router.state(), router.picker()};
  }

  private ChannelRouter router(Object channel, Object helper) {
    if (helper == null) {
      return null;
    }
    ChannelRouter known = routers.get(channel);
    if (known != null) {
      return known.isFor(helper) ? known : null;
    }
    ChannelFacts facts = channels.of(channel);
    if (!facts.isReroutable()) {
      return null;
    }
    ChannelRouter router =
        new ChannelRouter(mesh, plans, facts, new RealChannel(channel), (Helper) helper);
    routers.put(channel, router);
    facts.demandBy(router);
    return router;
  }
}
