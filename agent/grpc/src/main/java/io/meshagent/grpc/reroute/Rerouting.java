package io.meshagent.grpc.reroute;

import io.grpc.ConnectivityState;
import io.grpc.LoadBalancer.Helper;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.meshagent.core.api.Mesh;
import io.meshagent.grpc.base.ChannelFacts;
import io.meshagent.grpc.base.Channels;
import io.meshagent.grpc.base.GrpcInternals;
import io.meshagent.grpc.base.MethodPlans;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Keeps an {@link ActiveChannel} for each channel that is active and may be rerouted. Every method
 * but {@link #giveBack} is called in the channel's sync context.
 */
public final class Rerouting {

  private static final long PATIENCE_SECONDS = 5;

  private final Mesh mesh;
  private final MethodPlans plans;
  private final Channels channels;

  /** By channel; an entry lives from active to idle, and gRPC ends every channel with idle. */
  private final Map<Object, ActiveChannel> active =
      Collections.synchronizedMap(new IdentityHashMap<>());

  /** Guarded by active. Whether channels are left to themselves from now on. */
  private boolean over;

  public Rerouting(Mesh mesh, MethodPlans plans, Channels channels) {
    this.mesh = mesh;
    this.plans = plans;
    this.channels = channels;
  }

  /** The channel has left idle mode; its own resolver may take as long as it likes from here. */
  public void active(Object channel, Object helper) {
    ActiveChannel its = find(channel, helper);
    if (its != null) {
      its.begin();
    }
  }

  /** The channel has dropped its balancer. */
  public void idle(Object channel) {
    ActiveChannel its = active.remove(channel);
    if (its != null) {
      its.end();
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
    ActiveChannel its = find(channel, helper);
    return its == null
        ? null
        : its.publishing((ConnectivityState) state, (SubchannelPicker) picker);
  }

  /** A channel that became active before there were hooks. */
  public void takeOver(Object channel) {
    Object helper = GrpcInternals.field(channel, "lbHelper");
    Object state =
        GrpcInternals.field(GrpcInternals.field(channel, "channelStateManager"), "state");
    boolean broken = Boolean.TRUE.equals(GrpcInternals.field(channel, "panicMode"));
    if (!(helper instanceof Helper)
        || !(state instanceof ConnectivityState)
        || state == ConnectivityState.SHUTDOWN
        || broken
        || active.containsKey(channel)) {
      // An idle channel comes by the hooks when it is used next.
      return;
    }
    ActiveChannel its = find(channel, helper);
    if (its != null) {
      its.takeOver((ConnectivityState) state, (SubchannelPicker) pickerOf(channel));
    }
  }

  private static Object pickerOf(Object channel) {
    Object picker = GrpcInternals.field(channel, "subchannelPicker");
    // From gRPC 1.73 on only the part that holds calls back keeps it.
    return picker != null
        ? picker
        : GrpcInternals.field(
            GrpcInternals.field(GrpcInternals.field(channel, "delayedTransport"), "pickerState"),
            "lastPicker");
  }

  /**
   * Every channel gets its own picker back, and none is rerouted from now on. Returns when that is
   * done, or after a few seconds: it is done by whoever is busy in a channel's sync context.
   */
  public void giveBack() {
    IdentityHashMap<Object, ActiveChannel> all = new IdentityHashMap<>();
    synchronized (active) {
      over = true;
      active.forEach(all::put);
    }
    CountDownLatch left = new CountDownLatch(all.size());
    all.forEach(
        (channel, its) ->
            its.inSync(
                () -> {
                  try {
                    // First: what is published now is not to come back here.
                    if (active.remove(channel, its)) {
                      its.giveBack();
                    }
                  } finally {
                    left.countDown();
                  }
                }));
    try {
      boolean unused = left.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ActiveChannel find(Object channel, Object helper) {
    if (helper == null) {
      return null;
    }
    ActiveChannel known = active.get(channel);
    if (known != null) {
      return known.isFor(helper) ? known : null;
    }
    if (GrpcInternals.field(channel, "lbHelper") != helper) {
      // A balancer of the past. Its connections live on for five seconds and it goes on talking;
      // gRPC does not listen either, and what is kept for it would keep out the next one.
      return null;
    }
    ChannelFacts facts = channels.of(channel);
    if (!facts.isReroutable()) {
      return null;
    }
    ActiveChannel its = new ActiveChannel(channel, (Helper) helper, facts, mesh, plans);
    synchronized (active) {
      if (over) {
        return null;
      }
      active.put(channel, its);
    }
    return its;
  }
}
