package io.meshagent.grpc.reroute;

import static io.meshagent.grpc.reroute.FakeChannel.port;
import static io.meshagent.grpc.reroute.FakeMesh.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.ConnectivityState;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.Metadata;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Rights;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.CallPlan;
import io.meshagent.grpc.attempt.AttemptTracer;
import io.meshagent.grpc.attempt.AttemptTracers;
import io.meshagent.grpc.attempt.InstanceTracer;
import io.meshagent.grpc.base.ChannelFacts;
import io.meshagent.grpc.base.Channels;
import io.meshagent.grpc.base.MetadataCall;
import io.meshagent.grpc.base.MethodPlans;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who calls is told to instances that ask for it, once an attempt, and to nobody else. */
class ToldCallersTest {

  private static final Metadata.Key<String> CALLER = MetadataCall.key("mesh-caller");

  private final FakeBalancer balancer = new FakeBalancer();
  private final FakeMesh mesh = new FakeMesh(balancer);
  private final FakeChannel channel = new FakeChannel();

  private void open(Endpoint... endpoints) {
    mesh.application = "shop";
    mesh.know(endpoints);
    MethodPlans plans =
        new MethodPlans((side, method, kind) -> new CallPlan(Side.CLIENT, method, mesh));
    ChannelFacts facts = new Channels(mesh).of(new Object());
    ChannelSync sync = new ChannelSync(channel, mesh, Rights.ofCallers());
    ChannelRouter router = new ChannelRouter(sync, plans, facts, new RealChannel(new Object()));
    inSync(router::begin);
    boolean unused = router.serviceCalled(mesh);
    channel.connect();
    mesh.run();
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

  /** As gRPC does: it asks for a tracer, which from 1.40 on is told again of the headers. */
  private static void stream(ClientStreamTracer.Factory factory, Metadata headers) {
    ClientStreamTracer made =
        factory.newClientStreamTracer(ClientStreamTracer.StreamInfo.newBuilder().build(), headers);
    if (made instanceof AttemptTracer attempt) {
      attempt.streamCreated(Attributes.EMPTY, headers);
    } else if (made instanceof InstanceTracer instance) {
      instance.streamCreated(Attributes.EMPTY, headers);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void an_instance_that_asks_is_told_and_one_that_does_not_is_not(boolean readsStatistics) {
    balancer.readsStatistics = readsStatistics;
    open(endpoint(1, "callers", "true"), endpoint(2));

    Metadata asked = new Metadata();
    PickResult to = channel.pick(CallOptions.DEFAULT, asked);
    assertThat(port(channel.pick(CallOptions.DEFAULT, asked))).isEqualTo(1);
    assertThat(asked.keys()).as("a pick says nothing").isEmpty();
    stream(to.getStreamTracerFactory(), asked);
    assertThat(asked.getAll(CALLER)).containsExactly("shop;agent");

    balancer.pick = (of, attempt) -> 1;
    Metadata other = new Metadata();
    PickResult toOther = channel.pick(CallOptions.DEFAULT, other);
    if (toOther.getStreamTracerFactory() != null) {
      stream(toOther.getStreamTracerFactory(), other);
    }
    assertThat(other.keys()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void an_attempt_that_is_known_tells_the_instance_that_it_came_to_in_the_end(boolean twice) {
    open(endpoint(1, "callers", "true"), endpoint(2));
    AttemptTracers tracers = AttemptTracers.ofCall(false, null);
    CallOptions options = CallOptions.DEFAULT.withStreamTracerFactory(tracers);
    tracers.begin(new MetadataCall(new CallPlan(Side.CLIENT, "a.B/C", mesh), mesh, null) {});
    Metadata headers = new Metadata();
    assertThat(port(channel.pick(options, headers))).isEqualTo(1);
    if (twice) {
      balancer.pick = (of, attempt) -> 1;
      assertThat(port(channel.pick(options, headers))).isEqualTo(2);
    }
    stream(tracers, headers);

    assertThat(headers.containsKey(CALLER)).isEqualTo(!twice);
  }

  @Test
  void one_that_waited_for_an_instance_and_goes_to_its_own_target_tells_nobody() {
    open(endpoint(1, "callers", "true"));
    AttemptTracers tracers = AttemptTracers.ofCall(false, null);
    CallOptions options = CallOptions.DEFAULT.withStreamTracerFactory(tracers);
    tracers.begin(new MetadataCall(new CallPlan(Side.CLIENT, "a.B/C", mesh), mesh, null) {});
    Metadata headers = new Metadata();
    assertThat(port(channel.pick(options, headers))).isEqualTo(1);
    mesh.know();
    mesh.run();
    assertThat(port(channel.pick(options, headers))).isZero();
    stream(tracers, headers);

    assertThat(headers.keys()).isEmpty();
  }

  @Test
  void a_change_of_mind_needs_no_new_connection() {
    open(endpoint(1));
    assertThat(channel.pick().getStreamTracerFactory()).isNull();
    mesh.know(endpoint(1, "callers", "true"));
    mesh.run();
    Metadata headers = new Metadata();
    stream(channel.pick(CallOptions.DEFAULT, headers).getStreamTracerFactory(), headers);
    assertThat(headers.get(CALLER)).isEqualTo("shop;agent");
    assertThat(channel.opened).hasSize(1);
    mesh.know(endpoint(1));
    mesh.run();
    assertThat(channel.pick().getStreamTracerFactory()).isNull();
  }
}
