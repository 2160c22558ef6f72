package io.meshagent.grpc.reroute;

import io.grpc.ConnectivityState;
import io.grpc.LoadBalancer.Helper;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.SynchronizationContext;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Rights;
import io.meshagent.core.api.Service;
import io.meshagent.grpc.base.ChannelFacts;
import io.meshagent.grpc.base.MethodPlans;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One channel from the end of its idleness to the next. It is routed while one of gRPC's plain
 * policies balances it, and left alone while one of the program's does: such a policy lives by what
 * it sees of the calls. Confined to the channel's sync context.
 *
 * <p>A resolver of the program's may name a policy with the first addresses, so until it has spoken
 * the channel is left alone, too: gRPC keeps the calls. A resolver that says nothing for long does
 * not keep them from instances that are known.
 */
final class ActiveChannel {

  /** Longer than a resolver that works needs, and shorter than the deadlines of most calls. */
  private static final long RESOLVER_PATIENCE_MILLIS = 5_000;

  /** So many services are named to people. */
  private static final int MOST_TOLD = 50;

  /** Stands for a policy that could not be found out. */
  private static final String UNKNOWN = "";

  private final Object channel;
  private final Helper helper;
  private final ChannelSync sync;
  private final ChannelFacts facts;
  private final Mesh mesh;
  private final MethodPlans plans;
  private final BalancingPolicy policy;

  /** What the channel says without us. */
  private ConnectivityState ownState = ConnectivityState.CONNECTING;

  /** Null until the channel's own balancer has published. */
  private SubchannelPicker ownPicker;

  /** Null while the channel is left alone. */
  private ChannelRouter router;

  /** Led the calls before the channel was left alone; its connections may be open still. */
  private ChannelRouter before;

  /** The policy for which the channel is left alone; null if it is not, or not for a policy. */
  private String leftTo;

  /** Whether what the own balancer published was kept back until there is a decision. */
  private boolean held;

  /** Null until somebody waits for the resolver. */
  private SynchronizationContext.ScheduledHandle patience;

  private boolean begun;
  private boolean takenOver;
  private boolean waits;
  private boolean waited;
  private boolean ended;

  ActiveChannel(Object channel, Helper helper, ChannelFacts facts, Mesh mesh, MethodPlans plans) {
    this.channel = channel;
    this.helper = helper;
    this.sync = new ChannelSync(helper, mesh, Rights.ofCallers());
    this.facts = facts;
    this.mesh = mesh;
    this.plans = plans;
    this.policy = new BalancingPolicy(channel, helper);
  }

  boolean isFor(Object otherHelper) {
    return helper == otherHelper;
  }

  /** The channel became active, or is used again: for some programs that is each call. */
  void begin() {
    if (router != null) {
      router.begin();
    } else if (!begun) {
      begun = true;
      decide();
    }
  }

  /**
   * The channel has been active for long.
   *
   * @param pickerOrNull null if its balancer has not published yet
   */
  void takeOver(ConnectivityState state, SubchannelPicker pickerOrNull) {
    takenOver = true;
    policy.heard();
    ownState = state;
    ownPicker = pickerOrNull;
    decide();
  }

  /**
   * The channel's own balancer publishes.
   *
   * @return {@code {state, picker}} to publish instead, or null to leave it as it is
   */
  Object[] publishing(ConnectivityState state, SubchannelPicker picker) {
    policy.heard();
    ownState = state;
    ownPicker = picker;
    // Once the balancer is through with all that it does now, see BalancingPolicy.
    sync.execute(this::decide);
    if (router != null) {
      router.own(state, picker);
      return new Object[] {router.state(), router.picker()};
    }
    if (leftTo != null) {
      return null;
    }
    // An error of the resolver, say, is not for calls that will be routed in a moment.
    held = true;
    return new Object[] {state, new NothingYet()};
  }

  private void decide() {
    if (ended) {
      return;
    }
    try {
      choose();
    } catch (Throwable e) {
      // The policy's provider is the program's code. Without a decision its own balancer does.
      sync.failed(e);
      if (router == null) {
        leftTo = UNKNOWN;
        leaveAlone();
      }
      release();
    }
  }

  /** The channel's own balancer is heard, if it was kept from it. */
  private void release() {
    if (held) {
      held = false;
      helper.updateBalancingState(ownState, ownPicker);
    }
  }

  private void choose() {
    if (ownPicker != null) {
      facts.known().resolvedTo(OwnAddress.of(helper));
    }
    String own = policy.own();
    if (own != null && !mesh.reroutesOwnBalancing(facts.target())) {
      leaveTo(own);
    } else if (own == null && !waited && policy.mayBeNamedYet()) {
      waitForResolver();
    } else {
      if (router == null) {
        route();
      }
      router.checkHealth(policy.checkedService());
    }
  }

  private void waitForResolver() {
    if (!waits) {
      waits = true;
      patience =
          sync.later(
              RESOLVER_PATIENCE_MILLIS,
              () -> {
                waited = true;
                decide();
              });
    }
  }

  private void waitNoLonger() {
    if (patience != null) {
      patience.cancel();
    }
  }

  private void route() {
    waitNoLonger();
    facts.known().routed(null);
    router = new ChannelRouter(sync, plans, facts, new RealChannel(channel));
    facts.tellOfServices(router);
    if (takenOver || ownState == ConnectivityState.READY) {
      router.takeOver(ownState, ownPicker);
    } else if (ownPicker == null) {
      router.begin();
    } else {
      router.beginBeside(ownState, ownPicker);
    }
    leftTo = null;
    held = false;
  }

  private void leaveTo(String policyName) {
    if (policyName.equals(leftTo)) {
      return;
    }
    leftTo = policyName;
    waitNoLonger();
    facts
        .known()
        .routed(
            "the program balances it by a policy of its own, "
                + policyName
                + " (discover.include-targets)");
    stopRouting();
    leaveAlone();
    release();
  }

  /** What calls ask for is noted by nobody. A router that comes later is asked by each pick. */
  private void leaveAlone() {
    Set<Service> told = ConcurrentHashMap.newKeySet();
    facts.tellOfServices(
        service -> {
          if (told.size() < MOST_TOLD && told.add(service)) {
            facts.known().passes(service.name());
          }
          return false;
        });
    facts.calledServices().clear();
  }

  private void stopRouting() {
    if (router != null) {
      before = router;
      router = null;
      facts.tellOfServices(null);
      before.giveBack();
    }
  }

  /** Hands something to the channel's sync context, from a thread of the agent's. */
  void inSync(Runnable task) {
    sync.hand(task);
  }

  /** The channel goes on as if we had never been here. */
  void giveBack() {
    ended = true;
    waitNoLonger();
    facts.tellOfServices(null);
    stopRouting();
    release();
  }

  /** The channel is going idle, or ends. */
  void end() {
    ended = true;
    waitNoLonger();
    facts.tellOfServices(null);
    if (router != null) {
      router.end();
    }
    if (before != null) {
      before.end();
    }
  }
}
