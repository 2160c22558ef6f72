package io.meshagent.grpc.reroute;

import static io.meshagent.grpc.reroute.FakeChannel.port;
import static io.meshagent.grpc.reroute.FakeMesh.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.ConnectivityStateInfo;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.Metadata;
import io.grpc.Status;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Openings;
import io.meshagent.core.api.Rights;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.CallPlan;
import io.meshagent.grpc.base.Channels;
import io.meshagent.grpc.base.MethodPlans;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a channel's connections: their streams, their rest, and how they are opened. */
class ConnectionsTest {

  private final FakeBalancer balancer = new FakeBalancer();
  private final FakeMesh mesh = new FakeMesh(balancer);
  private final FakeChannel channel = new FakeChannel();
  private int turn;
  private ChannelRouter router;

  private void open(Endpoint... endpoints) {
    openYoung(endpoints);
    // Its youth is over.
    channel.timeIsUp();
  }

  private void openYoung(Endpoint... endpoints) {
    balancer.pick = (of, attempt) -> turn++ % of.size();
    mesh.know(endpoints);
    MethodPlans plans =
        new MethodPlans((side, method, kind) -> new CallPlan(Side.CLIENT, method, mesh));
    ChannelSync sync = new ChannelSync(channel, mesh, Rights.ofCallers());
    router =
        new ChannelRouter(
            sync, plans, new Channels(mesh).of(new Object()), new RealChannel(new Object()));
    inSync(router::begin);
    boolean unused = router.serviceCalled(mesh);
    mesh.run();
  }

  private void inSync(Runnable task) {
    channel.getSynchronizationContext().execute(task);
  }

  /** Picks and opens a stream; null if there is none to be had. */
  private static ClientStreamTracer stream(PickResult picked) {
    if (picked.getSubchannel() == null) {
      return null;
    }
    return picked
        .getStreamTracerFactory()
        .newClientStreamTracer(
            ClientStreamTracer.StreamInfo.newBuilder().setCallOptions(CallOptions.DEFAULT).build(),
            new Metadata());
  }

  @AfterEach
  void nothing_of_ours_failed() {
    assertThat(mesh.failures).isEmpty();
  }

  @Test
  void a_stream_goes_where_there_is_room_and_then_over_one_connection_more() {
    channel.streams = 2;
    open(endpoint(1), endpoint(2));
    channel.connect();

    List<ClientStreamTracer> streams = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      streams.add(stream(channel.pick()));
    }
    assertThat(streams).doesNotContainNull();
    assertThat(channel.opened).hasSize(2);

    assertThat(channel.pick().getSubchannel()).as("all are full: it waits").isNull();
    assertThat(channel.pick().getStatus().isOk()).isTrue();
    assertThat(channel.opening()).as("for one, whoever waits").hasSize(1);
    int published = channel.published;
    channel.connect(channel.opening().get(0));
    assertThat(channel.published).isGreaterThan(published);
    assertThat(stream(channel.pick())).isNotNull();
    assertThat(stream(channel.pick())).isNotNull();

    assertThat(channel.pick().getSubchannel()).isNull();
    channel.connect(channel.opening().get(0));
    assertThat(stream(channel.pick())).isNotNull();
    assertThat(stream(channel.pick())).isNotNull();
    assertThat(channel.opened).hasSize(4);

    assertThat(mesh.warnings).isEmpty();
    assertThat(channel.pick().getSubchannel()).as("gRPC lets it wait there").isNotNull();
    assertThat(channel.opened).as("no more than twice as many").hasSize(4);
    assertThat(mesh.warnings).hasSize(1);
    assertThat(mesh.warnings.get(0)).contains("pool.connections-per-instance");
  }

  @Test
  void one_that_the_balancer_never_picks_has_its_streams_before_there_is_a_connection_more() {
    channel.streams = 2;
    open(endpoint(1), endpoint(2));
    channel.connect();
    balancer.pick = (of, attempt) -> 0;
    balancer.anyWillDo = true;

    for (int i = 0; i < 4; i++) {
      assertThat(stream(channel.pick())).isNotNull();
    }
    assertThat(channel.opened).hasSize(2);

    assertThat(channel.pick().getSubchannel()).as("now all are full").isNull();
    assertThat(channel.opening()).hasSize(1);
  }

  @Test
  void a_young_channel_whose_few_are_full_connects_to_all_before_it_connects_once_more() {
    channel.streams = 1;
    openYoung(endpoint(1), endpoint(2), endpoint(3));
    channel.connect();
    assertThat(channel.opened).as("a few at first").hasSize(2);
    assertThat(stream(channel.pick())).isNotNull();
    assertThat(stream(channel.pick())).isNotNull();
    int published = channel.published;

    PickResult waits = channel.pick();

    assertThat(waits.getSubchannel()).isNull();
    assertThat(waits.getStatus().isOk()).isTrue();
    assertThat(channel.published).as("it is picked again").isGreaterThan(published);
    assertThat(channel.opening()).hasSize(1);
    channel.connect(channel.opening().get(0));
    assertThat(channel.opened)
        .extracting(FakeChannel.Open::port)
        .containsExactlyInAnyOrder(1, 2, 3);
    assertThat(stream(channel.pick())).isNotNull();
    assertThat(channel.pick().getSubchannel()).as("now all are full").isNull();
    assertThat(channel.opening()).as("over one more").hasSize(1);
  }

  @Test
  void who_waits_for_room_is_picked_for_again_when_a_stream_ends() {
    channel.streams = 1;
    open(endpoint(1));
    channel.connect();
    ClientStreamTracer stream = stream(channel.pick());
    assertThat(channel.pick().getSubchannel()).isNull();
    int published = channel.published;

    stream.streamClosed(Status.OK);
    mesh.run();

    assertThat(channel.published).isGreaterThan(published);
    assertThat(channel.pick().getSubchannel()).isNotNull();
  }

  @Test
  void one_that_can_not_be_had_more_of_is_left_at_that() {
    channel.streams = 1;
    open(endpoint(1));
    channel.connect();
    assertThat(stream(channel.pick())).isNotNull();
    assertThat(channel.pick().getSubchannel()).isNull();
    FakeChannel.Open more = channel.opening().get(0);

    inSync(
        () ->
            more.listener.onSubchannelState(
                ConnectivityStateInfo.forTransientFailure(Status.UNAVAILABLE)));

    assertThat(channel.pick().getSubchannel()).as("waits at the one").isNotNull();
    channel.timeIsUp();
    assertThat(more.closed).isTrue();
    assertThat(channel.opened).hasSize(2);
  }

  @Test
  void a_connection_that_came_by_need_goes_when_it_is_over() {
    channel.streams = 1;
    open(endpoint(1));
    channel.connect();
    ClientStreamTracer first = stream(channel.pick());
    assertThat(channel.pick().getSubchannel()).isNull();
    FakeChannel.Open more = channel.opening().get(0);
    channel.connect(more);
    ClientStreamTracer second = stream(channel.pick());
    channel.timeIsUp();
    channel.timeIsUp();
    channel.timeIsUp();
    assertThat(more.closed).as("it has a stream").isFalse();

    second.streamClosed(Status.OK);
    first.streamClosed(Status.OK);
    for (int i = 0; i < 3; i++) {
      channel.timeIsUp();
    }

    assertThat(more.closed).isTrue();
    assertThat(channel.opened.get(0).closed).isFalse();
    assertThat(stream(channel.pick())).isNotNull();
  }

  @Test
  void without_a_limit_nothing_is_counted() {
    open(endpoint(1));
    channel.connect();

    assertThat(channel.pick().getStreamTracerFactory()).isNull();
  }

  @Test
  void what_carries_nothing_for_long_rests_and_a_pick_wakes_one_of_them() {
    mesh.mostIdleNanos = 1_000;
    open(endpoint(1), endpoint(2), endpoint(3));
    channel.connect();
    channel.opened.get(2).subchannel.inUseStateAggregator.any = true;
    mesh.now += 1_000;
    channel.timeIsUp();
    channel.timeIsUp();
    assertThat(channel.opened.get(0).closed).isTrue();
    assertThat(channel.opened.get(1).closed).isTrue();
    assertThat(channel.opened.get(2).closed).as("it has a stream").isFalse();

    int there = channel.opened.get(2).port();
    assertThat(port(channel.pick())).as("who is there answers").isEqualTo(there);
    assertThat(port(channel.pick())).isEqualTo(there);
    assertThat(channel.opening()).as("one wakes for one picker").hasSize(1);
    channel.connect(channel.opening().get(0));
    assertThat(port(channel.pick())).isPositive();
    assertThat(channel.opening()).hasSize(1);
    channel.connect(channel.opening().get(0));

    Set<Integer> ports = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      ports.add(port(channel.pick()));
    }
    assertThat(ports).containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void where_all_rest_a_call_waits_for_the_first_that_wakes() {
    mesh.mostIdleNanos = 1_000;
    open(endpoint(1), endpoint(2), endpoint(3));
    channel.connect();
    mesh.now += 1_000;
    channel.timeIsUp();
    channel.timeIsUp();
    assertThat(channel.opened).allMatch(open -> open.closed);

    PickResult waits = channel.pick();

    assertThat(waits.getSubchannel()).isNull();
    assertThat(waits.getStatus().isOk()).isTrue();
    assertThat(channel.opening()).hasSize(2);
    channel.connect(channel.opening().get(1));
    assertThat(port(channel.pick())).isPositive();
  }

  @Test
  void what_is_used_does_not_rest() {
    mesh.mostIdleNanos = 1_000;
    open(endpoint(1));
    channel.connect();
    for (int i = 0; i < 5; i++) {
      mesh.now += 1_000;
      assertThat(port(channel.pick())).isEqualTo(1);
      channel.timeIsUp();
    }
    assertThat(channel.opened.get(0).closed).isFalse();
  }

  @Test
  void of_three_hundred_that_appear_at_once_few_are_opened_at_once() {
    List<Openings.Opening> wait = new ArrayList<>();
    Set<Openings.Opening> begun = new HashSet<>();
    mesh.openings =
        new Openings() {
          @Override
          public boolean begin(Opening opening, boolean atOnce) {
            boolean may = atOnce || begun.size() < 25;
            boolean unused = may ? begun.add(opening) : wait.add(opening);
            return may;
          }

          @Override
          public void end(Opening opening) {
            begun.remove(opening);
            if (!wait.isEmpty()) {
              Opening next = wait.remove(0);
              begun.add(next);
              next.mayBegin();
            }
          }
        };
    Endpoint[] many = new Endpoint[300];
    for (int i = 0; i < many.length; i++) {
      many[i] = endpoint(i + 1);
    }
    open(many);
    assertThat(channel.opening()).as("the first few, without delay").hasSizeBetween(2, 4);

    channel.timeIsUp();
    int most = 0;
    for (int i = 0; i < many.length && !channel.opening().isEmpty(); i++) {
      most = Math.max(most, channel.opening().size());
      channel.connect(channel.opening().get(0));
      mesh.run();
    }

    assertThat(most).isLessThanOrEqualTo(27);
    assertThat(balancer.candidates.size()).isEqualTo(300);
  }
}
