package io.meshagent.grpc.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Side;
import io.meshagent.core.api.Statistics;
import io.meshagent.core.call.AttemptMeter;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.RepeatRule;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.Verdict;
import io.meshagent.grpc.base.MetadataCall;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AttemptTracersTest {

  private final CallPlan plan = new CallPlan(Side.CLIENT, "a.B/C", null);
  private final AttemptTracers tracers = AttemptTracers.ofCall(false, null);
  private final Metadata headers = new Metadata();

  private ClientStreamTracer stream(Metadata its) {
    return tracers.newClientStreamTracer(ClientStreamTracer.StreamInfo.newBuilder().build(), its);
  }

  private MetadataCall begin() {
    MetadataCall call = new MetadataCall(plan, null, headers) {};
    tracers.begin(call);
    return call;
  }

  @Test
  void is_found_among_the_options_of_a_call_and_its_own_before_an_outer_ones() {
    assertThat(AttemptTracers.in(CallOptions.DEFAULT)).isNull();
    CallOptions options =
        CallOptions.DEFAULT
            .withStreamTracerFactory(AttemptTracers.ofCall(false, null))
            .withStreamTracerFactory(tracers)
            .withStreamTracerFactory(new ClientStreamTracer.Factory() {});

    assertThat(AttemptTracers.in(options)).isSameAs(tracers);
  }

  @Test
  void a_call_that_has_not_started_has_no_attempts() {
    assertThat(stream(headers)).isNotInstanceOf(AttemptTracer.class);
    assertThat(tracers.plan()).isNull();
    MetadataCall unused = begin();
    assertThat(tracers.plan()).isSameAs(plan);
  }

  @Test
  void an_attempt_is_one_whether_gRPC_picks_before_it_asks_for_a_tracer_or_after() {
    MetadataCall unused = begin();
    AttemptTracer picked = tracers.attempt(headers);
    assertThat(tracers.attempt(headers)).as("it waited").isSameAs(picked);
    assertThat(stream(headers)).as("up to 1.39").isSameAs(picked);

    Metadata others = new Metadata();
    ClientStreamTracer stream = stream(others);
    assertThat(stream).isNotSameAs(picked);
    assertThat(tracers.attempt(others)).as("from 1.40 on").isSameAs(stream);
  }

  @Test
  void a_program_that_starts_a_call_twice_with_the_same_headers_makes_two_attempts() {
    MetadataCall unused = begin();
    AttemptTracer first = tracers.attempt(headers);
    assertThat(stream(headers)).isSameAs(first);
    ClientStreamTracer second = stream(headers);
    assertThat(second).isNotSameAs(first);
    second.streamClosed(Status.OK);
    assertThat(tracers.attempt(headers)).as("the one that is open").isSameAs(first);
    first.streamClosed(Status.OK);
    assertThat(tracers.attempt(headers)).isNotSameAs(first).isNotSameAs(second);
  }

  @Test
  void a_retry_is_under_way_from_the_moment_in_which_it_leaves() {
    tracers.begin(new MetadataCall(plan, clock(), headers) {});
    AtomicInteger open = new AtomicInteger();
    Instance instance = new Instance("one", 1, null, Map.of());
    Destination there = Destination.of(instance, counting(open), null, clock());
    Metadata again = new Metadata();
    again.put(Metadata.Key.of("grpc-previous-rpc-attempts", Metadata.ASCII_STRING_MARSHALLER), "1");
    AttemptTracer ofCall = tracers.attempt(again);
    ofCall.goesTo(there);
    ofCall.created(again);
    InstanceTracer ofInstance = new InstanceTracer(there, again);
    ofInstance.created(again);
    assertThat(open).as("they may never be started").hasValue(0);

    ofCall.outboundHeaders();
    ofInstance.outboundHeaders();
    assertThat(open).hasValue(2);
    ofCall.streamClosed(Status.OK);
    ofInstance.streamClosed(Status.OK);
    assertThat(open).hasValue(0);
  }

  @Test
  void attempts_are_measured_where_that_is_wanted() {
    Meter meter = new Meter(true);
    plan.install(new Stage[] {meter}, 0);
    tracers.begin(new MetadataCall(plan, clock(), headers) {});
    ClientStreamTracer first = stream(headers);
    created(first, headers);
    first.outboundWireSize(70);
    first.outboundWireSize(30);
    first.outboundHeaders();
    first.inboundWireSize(7);
    first.streamClosed(Status.UNAVAILABLE);
    Metadata again = numbered(1);
    ClientStreamTracer dropped = stream(again);
    created(dropped, again);
    assertThat(meter.told).as("not before it leaves").hasSize(2);
    dropped.outboundHeaders();
    dropped.streamClosed(Status.OK);
    dropped.streamClosed(Status.OK);
    tracers.end();
    tracers.end();

    assertThat(meter.told)
        .containsExactly("began", "UNAVAILABLE 100 7", "began", "OK 0 0", "repeated 1 0 0");
  }

  @Test
  void a_retry_of_what_no_server_saw_is_a_transparent_one_and_one_that_never_left_is_none() {
    Meter meter = new Meter(false);
    plan.install(new Stage[] {meter}, 0);
    tracers.begin(new MetadataCall(plan, clock(), headers) {});
    for (Metadata each : List.of(headers, new Metadata(), numbered(1))) {
      ClientStreamTracer stream = stream(each);
      created(stream, each);
      if (each.keys().isEmpty()) {
        stream.streamClosed(Status.UNAVAILABLE);
      }
    }
    tracers.end();
    assertThat(meter.told).containsExactly("repeated 0 1 0");
  }

  @Test
  void attempts_side_by_side_are_hedges() {
    Meter meter = new Meter(false);
    plan.install(new Stage[] {meter}, 0);
    tracers.begin(new MetadataCall(plan, clock(), headers) {});
    for (Metadata each : List.of(headers, numbered(1), numbered(2))) {
      ClientStreamTracer stream = stream(each);
      created(stream, each);
      stream.outboundHeaders();
    }
    tracers.end();
    assertThat(meter.told).containsExactly("repeated 0 0 2");
  }

  private static Metadata numbered(int previous) {
    Metadata again = new Metadata();
    again.put(
        Metadata.Key.of("grpc-previous-rpc-attempts", Metadata.ASCII_STRING_MARSHALLER),
        String.valueOf(previous));
    return again;
  }

  /** As gRPC does it from 1.40 on. */
  private static void created(ClientStreamTracer stream, Metadata its) {
    if (AttemptTracers.CREATION_IS_TOLD) {
      ((AttemptTracer) stream).created(its);
    }
  }

  private static final class Meter implements Stage, AttemptMeter {
    final List<String> told = new ArrayList<>();
    private final boolean each;

    Meter(boolean each) {
      this.each = each;
    }

    @Override
    public AttemptMeter meter() {
      return this;
    }

    @Override
    public boolean measuresEach() {
      return each;
    }

    @Override
    public void began() {
      told.add("began");
    }

    @Override
    public void ended(Code code, long nanos, long sentBytes, long receivedBytes) {
      told.add(code + " " + sentBytes + " " + receivedBytes);
    }

    @Override
    public void repeated(int retries, int transparent, int hedges) {
      told.add("repeated " + retries + " " + transparent + " " + hedges);
    }

    @Override
    public Verdict enter(Call call) {
      return null;
    }

    @Override
    public void leave(Call call) {}
  }

  /** Stands for that of gRPC's plug-in, which is known by its name. */
  private static final class OpenTelemetryTracingModule {
    static final class CallAttemptsTracerFactory extends ClientStreamTracer.Factory {}
  }

  @Test
  void headers_are_shown_when_they_have_left_where_grpcs_plugin_writes_after_us() {
    ClientStreamTracer.Factory plugin = new OpenTelemetryTracingModule.CallAttemptsTracerFactory();
    assertThat(shownAt(CallOptions.DEFAULT, null, null)).isEqualTo("created");
    assertThat(shownAt(CallOptions.DEFAULT, plugin, null)).as("before us").isEqualTo("created");
    assertThat(shownAt(CallOptions.DEFAULT, null, plugin)).as("after us").isEqualTo("left");
    ClientStreamTracer.Factory other = new ClientStreamTracer.Factory() {};
    assertThat(shownAt(CallOptions.DEFAULT, null, other)).isEqualTo("created");
  }

  private String shownAt(
      CallOptions options, ClientStreamTracer.Factory before, ClientStreamTracer.Factory after) {
    AttemptTracers shown = AttemptTracers.ofCall(true, null);
    List<Call> seen = new ArrayList<>();
    plan.install(new Stage[] {looking(seen)}, 0);
    MetadataCall call = new MetadataCall(plan, clock(), headers) {};
    assertThat(call.admit()).isNull();
    shown.begin(call);
    CallOptions all = before == null ? options : options.withStreamTracerFactory(before);
    all = all.withStreamTracerFactory(shown);
    all = after == null ? all : all.withStreamTracerFactory(after);
    AttemptTracer attempt =
        (AttemptTracer)
            shown.newClientStreamTracer(
                ClientStreamTracer.StreamInfo.newBuilder().setCallOptions(all).build(), headers);
    if (AttemptTracers.CREATION_IS_TOLD) {
      attempt.created(headers);
    }
    String when = seen.isEmpty() ? "left" : "created";
    attempt.outboundHeaders();
    assertThat(seen).as("once").hasSize(1);
    return when;
  }

  @Test
  void a_stream_that_was_dropped_with_its_call_is_under_way_no_more() {
    tracers.begin(new MetadataCall(plan, clock(), headers) {});
    AtomicInteger open = new AtomicInteger();
    Destination there =
        Destination.of(new Instance("one", 1, null, Map.of()), counting(open), null, clock());
    AttemptTracer dropped = made(new Metadata(), there);
    AttemptTracer sent = made(new Metadata(), there);
    sent.outboundHeaders();
    AttemptTracer ended = made(new Metadata(), there);
    ended.streamClosed(Status.UNAVAILABLE);
    assertThat(open).hasValue(2);

    tracers.end();
    assertThat(open).as("what has left is told of when it is over").hasValue(1);
    sent.streamClosed(Status.CANCELLED);
    dropped.streamClosed(Status.CANCELLED);
    dropped.outboundHeaders();
    AttemptTracer late = made(new Metadata(), there);
    tracers.end();
    late.streamClosed(Status.CANCELLED);
    assertThat(open).as("each once").hasValue(0);
  }

  private AttemptTracer made(Metadata its, Destination to) {
    AttemptTracer attempt = tracers.attempt(its);
    attempt.goesTo(to);
    attempt.created(its);
    return attempt;
  }

  @Test
  void a_retry_that_was_closed_before_it_is_said_to_have_left_is_not_under_way() {
    AtomicInteger open = new AtomicInteger();
    Metadata again = new Metadata();
    again.put(Metadata.Key.of("grpc-previous-rpc-attempts", Metadata.ASCII_STRING_MARSHALLER), "1");
    InstanceTracer retry =
        new InstanceTracer(
            Destination.of(new Instance("one", 1, null, Map.of()), counting(open), null, clock()),
            again);
    retry.created(again);
    retry.streamClosed(Status.CANCELLED);
    retry.outboundHeaders();
    assertThat(open).hasValue(0);
  }

  private static Stage looking(List<Call> seen) {
    return new Stage() {
      @Override
      public Verdict enter(Call call) {
        return null;
      }

      @Override
      public void sending(Call call) {
        seen.add(call);
      }

      @Override
      public void leave(Call call) {}
    };
  }

  private static Statistics counting(AtomicInteger open) {
    return new Statistics() {
      @Override
      public void begin() {
        int unused = open.incrementAndGet();
      }

      @Override
      public void answered(long tookNanos, long nowNanos) {}

      @Override
      public void end(Code code, boolean sent, boolean hasAnswered, long tookNanos, long nowNanos) {
        int unused = open.decrementAndGet();
      }
    };
  }

  private static Mesh clock() {
    return (Mesh)
        Proxy.newProxyInstance(
            Mesh.class.getClassLoader(), new Class<?>[] {Mesh.class}, (proxy, called, with) -> 1L);
  }

  /** Allows so many retries, and counts hedges. */
  private static final class Rule implements RepeatRule {
    private final boolean hedging;
    private int budget;
    private int hedges;

    Rule(boolean hedging, int budget) {
      this.hedging = hedging;
      this.budget = budget;
    }

    @Override
    public boolean isHedging() {
      return hedging;
    }

    @Override
    public int attempts() {
      return 3;
    }

    @Override
    public List<String> codes() {
      return List.of("UNAVAILABLE");
    }

    @Override
    public boolean isRepeatedAfter(Code code) {
      return code == Code.UNAVAILABLE;
    }

    @Override
    public long firstBackoffNanos() {
      return 1;
    }

    @Override
    public long mostBackoffNanos() {
      return 1;
    }

    @Override
    public double backoffFactor() {
      return 1;
    }

    @Override
    public long hedgeDelayNanos() {
      return 1;
    }

    @Override
    public boolean tryRetry() {
      return budget-- > 0;
    }

    @Override
    public boolean mayHedge() {
      return true;
    }

    @Override
    public void hedged() {
      hedges++;
    }
  }

  @Test
  void a_retry_takes_from_the_budget_unless_no_attempt_is_left_anyway() {
    AttemptTracers call = AttemptTracers.ofCall(false, new Rule(false, 2));
    assertThat(call.isRetriedByRule()).as("gRPC was not told").isFalse();
    call.repeatsByRule();
    assertThat(call.isRetriedByRule()).isTrue();
    assertThat(call.tryRetry()).isTrue();
    assertThat(call.tryRetry()).isTrue();
    assertThat(call.tryRetry()).as("the third attempt was the last").isTrue();

    AttemptTracers poor = AttemptTracers.ofCall(false, new Rule(false, 0));
    poor.repeatsByRule();
    assertThat(poor.tryRetry()).isFalse();
  }

  @Test
  void each_hedge_is_counted_once_and_none_of_a_policy_of_the_programs() {
    Rule rule = new Rule(true, 0);
    AttemptTracers call = AttemptTracers.ofCall(false, rule);
    call.begin(new MetadataCall(plan, null, headers) {});
    for (boolean ours : new boolean[] {false, true}) {
      for (String number : new String[] {null, "1", "1", "2"}) {
        Metadata its = new Metadata();
        if (number != null) {
          its.put(MetadataCall.key("grpc-previous-rpc-attempts"), number);
        }
        ClientStreamTracer unused =
            call.newClientStreamTracer(ClientStreamTracer.StreamInfo.newBuilder().build(), its);
      }
      assertThat(rule.hedges).isEqualTo(ours ? 2 : 0);
      call.repeatsByRule();
    }
    assertThat(call.isRetriedByRule()).isFalse();
  }
}
