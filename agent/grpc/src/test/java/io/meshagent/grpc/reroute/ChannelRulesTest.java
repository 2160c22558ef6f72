package io.meshagent.grpc.reroute;

import static io.meshagent.grpc.reroute.FakeChannel.port;
import static io.meshagent.grpc.reroute.FakeMesh.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.Metadata;
import io.grpc.Status;
import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Rights;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.CallPlan;
import io.meshagent.grpc.attempt.AttemptTracer;
import io.meshagent.grpc.attempt.AttemptTracers;
import io.meshagent.grpc.base.ChannelFacts;
import io.meshagent.grpc.base.Channels;
import io.meshagent.grpc.base.MetadataCall;
import io.meshagent.grpc.base.MethodPlans;
import io.meshagent.grpc.base.Statuses;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a channel does by the word of a balancer that decides. */
class ChannelRulesTest {

  private final FakeBalancer balancer = new FakeBalancer();
  private final FakeMesh mesh = new FakeMesh(balancer);
  private final FakeChannel channel = new FakeChannel();
  private final CallPlan plan = new CallPlan(Side.CLIENT, "a.B/C", mesh);
  private ChannelRouter router;

  private void open(Endpoint... endpoints) {
    mesh.know(endpoints);
    MethodPlans plans = new MethodPlans((side, method, kind) -> plan);
    ChannelFacts facts = new Channels(mesh).of(new Object());
    ChannelSync sync = new ChannelSync(channel, mesh, Rights.ofCallers());
    router = new ChannelRouter(sync, plans, facts, new RealChannel(new Object()));
    // It has no youth, so that there is a connection to each from the first call on.
    inSync(() -> router.takeOver(ConnectivityState.CONNECTING, null));
    boolean unused = router.serviceCalled(mesh);
    channel.connect();
    mesh.run();
  }

  private void inSync(Runnable task) {
    channel.getSynchronizationContext().execute(task);
  }

  @AfterEach
  void nothing_of_ours_failed() {
    assertThat(mesh.failures).isEmpty();
  }

  private void ownPicks(PickResult own) {
    inSync(
        () ->
            router.own(
                ConnectivityState.READY,
                new SubchannelPicker() {
                  @Override
                  public PickResult pickSubchannel(PickSubchannelArgs args) {
                    return own;
                  }
                }));
    channel.picker = router.picker();
  }

  @Test
  void who_is_refused_by_a_rule_does_not_go_to_the_channels_own_target() {
    balancer.decides = true;
    balancer.refusals = List.of("client.route one", "client.route two");
    balancer.pick = (of, attempt) -> Balancer.Picker.REFUSED - 1;
    open(endpoint(1));
    PickResult own = PickResult.withSubchannel(channel.opened.get(0));
    ownPicks(own);

    PickResult refused = channel.pick();
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(refused.getStatus().getDescription()).isEqualTo("mesh-agent: client.route two");
    assertThat(Statuses.isRefusedByRoute(refused.getStatus())).isTrue();
    assertThat(refused.isDrop()).as("a call that waits for ready waits").isFalse();

    balancer.pick = (of, attempt) -> Balancer.Picker.LATER;
    assertThat(channel.pick().getSubchannel()).as("waits").isNull();
    assertThat(channel.pick().getStatus().isOk()).isTrue();
    balancer.pick = (of, attempt) -> Balancer.Picker.NONE;
    assertThat(channel.pick()).isSameAs(own);
  }

  @Test
  void a_rule_is_asked_where_nobody_is_registered_or_known_yet() {
    balancer.decides = true;
    balancer.refusals = List.of("client.route one");
    balancer.pick = (of, attempt) -> Balancer.Picker.REFUSED;
    open(endpoint(1));
    PickResult own = PickResult.withSubchannel(channel.opened.get(0));
    mesh.know();
    mesh.run();
    ownPicks(own);
    assertThat(channel.pick().getStatus().getDescription()).contains("client.route one");
    assertThat(balancer.candidates.size()).isZero();

    balancer.pick = (of, attempt) -> Balancer.Picker.NONE;
    assertThat(channel.pick()).isSameAs(own);
  }

  @Test
  void candidates_know_what_was_chosen_from_and_who_is_out_of_reach() {
    balancer.decides = true;
    open(endpoint(1), endpoint(2));
    inSync(
        () ->
            channel
                .opened
                .get(1)
                .listener
                .onSubchannelState(
                    ConnectivityStateInfo.forTransientFailure(
                        Status.UNAVAILABLE.withDescription("away"))));

    assertThat(balancer.candidates.known()).isSameAs(mesh.endpoints());
    assertThat(balancer.candidates.size()).isEqualTo(1);
    assertThat(balancer.candidates.unreachable()).hasSize(1);
    assertThat(balancer.candidates.unreachable().get(0).instance().port()).isEqualTo(2);
  }

  @Test
  void another_instance_for_a_method_is_one_of_those_that_the_call_may_go_to() {
    balancer.pick = (of, attempt) -> 0;
    balancer.among = new int[] {0, 2};
    open(endpoint(1), endpoint(2), endpoint(3));
    for (int i = 0; i < 20; i++) {
      Object unused =
          plan.unimplementedBy(
              mesh.endpoints(), mesh.endpoints().instances().get(0).address(), mesh.now);
    }
    for (int i = 0; i < 50; i++) {
      assertThat(port(channel.pick())).isNotEqualTo(2);
    }
  }

  @Test
  void baggage_goes_on_to_instances_alone_and_beside_none_of_the_programs() {
    balancer.readsAttempts = true;
    List<String> seen = new ArrayList<>();
    balancer.pick =
        (of, attempt) -> {
          seen.add(attempt.header("baggage"));
          return seen.size() == 2 ? Balancer.Picker.NONE : 0;
        };
    open(endpoint(1));
    assertThat(sent(new Metadata())).containsExactly("lane=blue");
    assertThat(sent(new Metadata())).as("to its own target").isEmpty();
    Metadata own = new Metadata();
    own.put(MetadataCall.key("baggage"), "lane=red");
    assertThat(sent(own)).containsExactly("lane=red");
    assertThat(seen).containsExactly("lane=blue", "lane=blue", "lane=red");
  }

  /** The baggage with which an attempt leaves, made within a call that carries some. */
  private Iterable<String> sent(Metadata headers) {
    AttemptTracers tracers = AttemptTracers.ofCall(true, null);
    MetadataCall call = new MetadataCall(plan, mesh, new Metadata()) {};
    call.carry("lane=blue");
    tracers.begin(call);
    PickResult unused = channel.pick(CallOptions.DEFAULT.withStreamTracerFactory(tracers), headers);
    ClientStreamTracer stream = stream(tracers, headers);
    ((AttemptTracer) stream).streamCreated(Attributes.EMPTY, headers);
    Iterable<String> all = headers.getAll(MetadataCall.key("baggage"));
    return all == null ? List.of() : all;
  }

  @Test
  void chance_is_drawn_once_for_all_attempts_of_a_call() {
    AttemptTracers tracers = AttemptTracers.ofCall(false, null);
    double drawn = tracers.attempt(new Metadata()).chance();
    assertThat(drawn).isBetween(0.0, 1.0).isEqualTo(tracers.attempt(headers(1)).chance());
    assertThat(AttemptTracers.ofCall(false, null).attempt(new Metadata()).chance())
        .isNotEqualTo(drawn);
  }

  private static Metadata headers(int previous) {
    Metadata headers = new Metadata();
    if (previous > 0) {
      headers.put(MetadataCall.key("grpc-previous-rpc-attempts"), String.valueOf(previous));
    }
    return headers;
  }

  private static ClientStreamTracer stream(ClientStreamTracer.Factory factory, Metadata headers) {
    return factory.newClientStreamTracer(
        ClientStreamTracer.StreamInfo.newBuilder().build(), headers);
  }
}
