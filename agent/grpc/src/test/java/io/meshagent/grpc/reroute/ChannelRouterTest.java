package io.meshagent.grpc.reroute;

import static io.meshagent.grpc.reroute.FakeChannel.port;
import static io.meshagent.grpc.reroute.FakeMesh.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.ConnectivityState;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.Metadata;
import io.grpc.Status;
import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Keeping;
import io.meshagent.core.api.Rights;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.CallPlan;
import io.meshagent.grpc.attempt.AttemptTracers;
import io.meshagent.grpc.base.ChannelFacts;
import io.meshagent.grpc.base.Channels;
import io.meshagent.grpc.base.MetadataCall;
import io.meshagent.grpc.base.MethodPlans;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChannelRouterTest {

  private final FakeBalancer balancer = new FakeBalancer();
  private final FakeMesh mesh = new FakeMesh(balancer);
  private final FakeChannel channel = new FakeChannel();
  private final List<CallPlan> made = new ArrayList<>();
  private boolean keepsPlans = true;
  private ChannelRouter router;

  private void open(Endpoint... endpoints) {
    mesh.know(endpoints);
    MethodPlans plans =
        new MethodPlans(
            (side, method, kind) -> {
              made.add(
                  keepsPlans
                      ? new CallPlan(Side.CLIENT, method, mesh)
                      : CallPlan.forOneCall(Side.CLIENT, method, mesh));
              return made.get(made.size() - 1);
            });
    ChannelFacts facts = new Channels(mesh).of(new Object());
    ChannelSync sync = new ChannelSync(channel, mesh, Rights.ofCallers());
    router = new ChannelRouter(sync, plans, facts, new RealChannel(new Object()));
    inSync(router::begin);
    boolean unused = router.serviceCalled(mesh);
    channel.connect();
    mesh.run();
    // Its youth is over.
    inSync(() -> router.takeOver(ConnectivityState.CONNECTING, null));
    channel.connect();
  }

  private void inSync(Runnable task) {
    channel.getSynchronizationContext().execute(task);
  }

  @AfterEach
  void nothing_of_ours_failed() {
    assertThat(mesh.failures).isEmpty();
  }

  @Test
  void a_change_of_facts_reaches_the_balancer_over_the_same_connection() {
    open(endpoint(1, "weight", "10"), endpoint(2));
    assertThat(channel.opened).hasSize(2);
    int pickers = balancer.pickers;

    mesh.know(endpoint(1, "weight", "70", "lane", "blue"), endpoint(2));
    mesh.run();

    assertThat(channel.opened).hasSize(2);
    assertThat(channel.opened).noneMatch(open -> open.closed);
    assertThat(balancer.pickers).isGreaterThan(pickers);
    assertThat(balancer.candidates.endpoint(0).instance().metadata())
        .containsEntry("weight", "70")
        .containsEntry("lane", "blue");
    assertThat(port(channel.pick())).isEqualTo(1);
  }

  @Test
  void what_changes_nothing_for_the_channel_publishes_nothing() {
    Endpoint one = endpoint(1);
    open(one);
    int published = channel.published;

    mesh.know(one);
    assertThat(mesh.guests).as("told for the first time").hasSize(1);
    mesh.run();
    mesh.know(one);
    assertThat(mesh.guests).as("told of the same").isEmpty();

    assertThat(channel.published).isEqualTo(published);
    mesh.know(one, endpoint(2));
    mesh.run();
    assertThat(channel.published).isGreaterThan(published);
  }

  @Test
  void a_wish_for_a_new_picker_is_granted_in_the_channels_own_time_and_many_are_one() {
    open(endpoint(1), endpoint(2));
    int published = channel.published;
    Balancer.Candidates candidates = balancer.candidates;
    balancer.pick = (of, attempt) -> 1;

    for (int i = 0; i < 100; i++) {
      candidates.publishAgain();
    }
    assertThat(channel.published).isEqualTo(published);
    assertThat(mesh.guests).hasSize(1);
    mesh.run();

    assertThat(channel.published).isEqualTo(published + 1);
    assertThat(balancer.candidates).isNotSameAs(candidates);
    assertThat(port(channel.pick())).isEqualTo(2);
    candidates.publishAgain();
    mesh.run();
    assertThat(channel.published).as("an old picker may wish, too").isEqualTo(published + 2);
  }

  @Test
  void a_channel_that_has_ended_grants_no_wish() {
    open(endpoint(1));
    balancer.candidates.publishAgain();
    inSync(router::end);
    int published = channel.published;

    mesh.run();

    assertThat(channel.published).isEqualTo(published);
  }

  @Test
  void who_gets_nobody_goes_the_way_of_calls_whose_service_has_no_instance() {
    balancer.pick = (of, attempt) -> Balancer.Picker.NONE;
    open(endpoint(1));
    PickResult own = PickResult.withDrop(Status.ABORTED);
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

    assertThat(channel.pick()).isSameAs(own);
  }

  private void own(ConnectivityState state, PickResult result) {
    inSync(
        () ->
            router.own(
                state,
                new SubchannelPicker() {
                  @Override
                  public PickResult pickSubchannel(PickSubchannelArgs args) {
                    return result;
                  }
                }));
    channel.picker = router.picker();
  }

  private void keep(Keeping keeping) {
    mesh.keeping = keeping;
    mesh.know(mesh.endpoints().list().toArray(new Endpoint[0]));
    mesh.run();
  }

  @Test
  void what_the_program_has_dialled_gets_its_calls_as_long_as_the_route_keeps_to_it() {
    open(endpoint(1));
    PickResult up = PickResult.withDrop(Status.ABORTED);
    PickResult down = PickResult.withError(Status.UNAVAILABLE.withDescription("own"));
    own(ConnectivityState.READY, up);
    assertThat(port(channel.pick())).isEqualTo(1);

    keep(Keeping.ALWAYS);
    assertThat(channel.pick()).isSameAs(up);
    own(ConnectivityState.TRANSIENT_FAILURE, down);
    assertThat(channel.pick()).as("as without the agent").isSameAs(down);

    keep(Keeping.WHILE_REACHED);
    channel.connect();
    assertThat(port(channel.pick())).isEqualTo(1);
    own(ConnectivityState.CONNECTING, down);
    assertThat(port(channel.pick())).isEqualTo(1);
    own(ConnectivityState.READY, up);
    assertThat(channel.pick()).isSameAs(up);

    keep(Keeping.NOTHING);
    assertThat(port(channel.pick())).isEqualTo(1);
  }

  @Test
  void who_gets_nobody_fails_where_nothing_falls_back() {
    balancer.pick = (of, attempt) -> Balancer.Picker.NONE;
    mesh.fallsBack = false;
    open(endpoint(1));

    assertThat(channel.pick().getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(channel.pick().getStatus().getDescription()).contains("a.B", "discover.fallback");
  }

  @Test
  void where_nobody_reads_anything_a_pick_brings_no_tracer_and_sees_no_attempt() {
    List<Attempt> seen = new ArrayList<>();
    balancer.pick =
        (of, attempt) -> {
          seen.add(attempt);
          return 0;
        };
    open(endpoint(1));

    assertThat(channel.pick().getStreamTracerFactory()).isNull();
    assertThat(seen).containsExactly(Attempt.ANY);
    assertThat(balancer.candidates.statistics(0)).isNull();
    assertThat(mesh.statistics).isEmpty();
    assertThat(router.serviceCalled(mesh)).isFalse();
  }

  @Test
  void calls_that_may_wait_are_known() {
    open();
    assertThat(router.serviceCalled(mesh)).as("they go the channel's own way").isFalse();
    mesh.know(endpoint(1));
    mesh.run();
    assertThat(router.serviceCalled(mesh)).as("nothing is connected").isTrue();
    channel.connect();
    assertThat(router.serviceCalled(mesh)).isFalse();
  }

  @Test
  void what_is_read_is_counted_at_the_stream_and_shared_by_the_jvm() {
    balancer.readsStatistics = true;
    open(endpoint(1));
    CountedAttempts statistics = (CountedAttempts) balancer.candidates.statistics(0);
    assertThat(statistics).isSameAs(mesh.statistics.get(1));

    ClientStreamTracer.Factory factory = channel.pick().getStreamTracerFactory();
    assertThat(statistics.started()).as("only picked").isZero();
    ClientStreamTracer stream = stream(factory, new Metadata());
    assertThat(statistics.inFlight()).isEqualTo(1);
    stream.outboundHeaders();
    mesh.now += 30;
    stream.inboundHeaders();
    stream.streamClosed(Status.UNAVAILABLE);

    assertThat(statistics.inFlight()).isZero();
    assertThat(statistics.waitedNanos()).isEqualTo(30);
    assertThat(statistics.failed()).isEqualTo(1);
  }

  @Test
  void a_picker_sees_what_earlier_attempts_of_the_call_have_tried() {
    balancer.readsAttempts = true;
    balancer.readsStatistics = true;
    balancer.pick = ChannelRouterTest::another;
    open(endpoint(1), endpoint(2));
    assertThat(router.serviceCalled(mesh)).isTrue();
    AttemptTracers tracers = AttemptTracers.ofCall(false, null);
    CallOptions options = CallOptions.DEFAULT.withStreamTracerFactory(tracers);
    tracers.begin(new MetadataCall(new CallPlan(Side.CLIENT, "a.B/C", mesh), mesh, null) {});
    Metadata first = headers(0);

    PickResult once = channel.pick(options, first);
    assertThat(port(once)).isEqualTo(1);
    assertThat(once.getStreamTracerFactory()).as("the call has its own").isNull();
    assertThat(port(channel.pick(options, first))).as("it waited, picked again").isEqualTo(1);
    ClientStreamTracer stream = stream(tracers, first);
    assertThat(mesh.statistics.get(1).inFlight()).isEqualTo(1);
    stream.streamClosed(Status.UNAVAILABLE);
    assertThat(mesh.statistics.get(1).inFlight()).isZero();
    assertThat(mesh.statistics.get(1).failed()).as("it never left").isZero();

    Metadata second = headers(1);
    assertThat(port(channel.pick(options, second))).isEqualTo(2);
    ClientStreamTracer next = stream(tracers, second);
    assertThat(mesh.statistics.get(2).inFlight()).as("it may wait").isZero();
    next.outboundHeaders();
    assertThat(mesh.statistics.get(2).inFlight()).isEqualTo(1);
    next.streamClosed(Status.OK);
    assertThat(mesh.statistics.get(1).started()).isEqualTo(1);
    assertThat(mesh.statistics.get(2).started()).isEqualTo(1);
    assertThat(port(channel.pick(options, headers(2)))).as("both were tried").isZero();
  }

  @Test
  void an_attempt_whose_call_is_hidden_is_known_by_its_headers() {
    balancer.readsAttempts = true;
    List<String> seen = new ArrayList<>();
    balancer.pick =
        (of, attempt) -> {
          seen.add(attempt.method() + " " + attempt.number() + " " + attempt.header("lane"));
          return 0;
        };
    open(endpoint(1));
    Metadata headers = headers(1);
    headers.put(MetadataCall.key("lane"), "blue");

    assertThat(port(channel.pick(CallOptions.DEFAULT, headers))).isEqualTo(1);
    assertThat(seen).containsExactly("a.B/C 1 blue");
  }

  @Test
  void a_call_with_a_plan_of_its_own_is_picked_for_by_that_plan() {
    keepsPlans = false;
    open(endpoint(1));
    AttemptTracers tracers = AttemptTracers.ofCall(false, null);
    CallPlan plan = CallPlan.forOneCall(Side.CLIENT, "a.B/C", mesh);
    tracers.begin(new MetadataCall(plan, mesh, null) {});

    assertThat(
            port(
                channel.pick(CallOptions.DEFAULT.withStreamTracerFactory(tracers), new Metadata())))
        .isEqualTo(1);
    assertThat(made).isEmpty();
    assertThat(port(channel.pick())).as("hidden by an interceptor").isEqualTo(1);
    assertThat(made).hasSize(1);
  }

  private static int another(Balancer.Candidates of, Attempt attempt) {
    for (int i = 0; i < of.size(); i++) {
      if (!attempt.hasTried(of.endpoint(i).instance())) {
        return i;
      }
    }
    return Balancer.Picker.NONE;
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
