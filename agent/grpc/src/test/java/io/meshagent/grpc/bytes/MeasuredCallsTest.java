package io.meshagent.grpc.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.meshagent.core.api.Agent;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.AttemptMeter;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.Verdict;
import io.meshagent.grpc.base.MethodPlans;
import io.meshagent.grpc.base.TestMethods;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of a server's call are told once, when it is known which it is and it is over. */
class MeasuredCallsTest {

  private static final SocketAddress PEER =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

  private final List<String> told = new ArrayList<>();
  private final List<Object> failures = new ArrayList<>();
  private final MethodDescriptor<String, String> method = TestMethods.unary("a.B/C");
  private final Agent agent =
      (Agent)
          Proxy.newProxyInstance(
              Agent.class.getClassLoader(),
              new Class<?>[] {Agent.class},
              (proxy, called, arguments) -> {
                failures.add(arguments[1]);
                return null;
              });

  private MeasuredCalls calls() {
    CallPlan plan = new CallPlan(Side.SERVER, "a.B/C", null);
    plan.install(new Stage[] {new Measuring()}, 0);
    return new MeasuredCalls(agent, new MethodPlans((side, name, kind) -> plan));
  }

  private static ServerStreamTracer tracer(MeasuredCalls calls) {
    return calls.newServerStreamTracer("a.B/C", new Metadata());
  }

  @Test
  void bytes_are_told_when_the_call_is_over() {
    ServerStreamTracer tracer = tracer(calls());
    tracer.serverCallStarted(new Info(PEER));
    tracer.inboundWireSize(5);
    tracer.inboundWireSize(6);
    tracer.outboundWireSize(20);
    assertThat(told).isEmpty();
    tracer.streamClosed(Status.UNAVAILABLE);
    assertThat(told).containsExactly("UNAVAILABLE sent 20 received 11");
  }

  @Test
  void a_call_that_is_cancelled_before_its_method_is_found_is_told_of_then() {
    ServerStreamTracer tracer = tracer(calls());
    tracer.streamClosed(Status.CANCELLED);
    assertThat(told).isEmpty();
    tracer.serverCallStarted(new Info(PEER));
    assertThat(told).containsExactly("CANCELLED sent 0 received 0");
  }

  @Test
  void calls_of_no_method_or_no_network_are_none_of_ours() {
    ServerStreamTracer unknown = tracer(calls());
    unknown.streamClosed(Status.UNIMPLEMENTED);
    ServerStreamTracer inProcess = tracer(calls());
    inProcess.serverCallStarted(new Info(new SocketAddress() {}));
    inProcess.streamClosed(Status.OK);
    assertThat(told).isEmpty();
  }

  @Test
  void stands_behind_the_programs_own() {
    MeasuredCalls calls = calls();
    assertThat(calls.behind(List.of())).isEqualTo(List.of(calls));
    assertThat(calls.behind(List.of("one", "two"))).isEqualTo(List.of("one", "two", calls));
  }

  @Test
  void what_fails_of_ours_stays_here() {
    MeasuredCalls broken =
        new MeasuredCalls(
            agent,
            new MethodPlans(
                (side, name, kind) -> {
                  throw new IllegalStateException("of ours");
                }));
    ServerStreamTracer tracer = tracer(broken);
    tracer.serverCallStarted(new Info(PEER));
    tracer.streamClosed(Status.OK);
    assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
    assertThat(told).isEmpty();
  }

  private final class Info extends ServerStreamTracer.ServerCallInfo<String, String> {
    private final SocketAddress peer;

    Info(SocketAddress peer) {
      this.peer = peer;
    }

    @Override
    public MethodDescriptor<String, String> getMethodDescriptor() {
      return method;
    }

    @Override
    public Attributes getAttributes() {
      return Attributes.newBuilder().set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, peer).build();
    }

    @Override
    public String getAuthority() {
      return null;
    }
  }

  private final class Measuring implements Stage, AttemptMeter {
    @Override
    public Verdict enter(Call call) {
      return null;
    }

    @Override
    public void leave(Call call) {}

    @Override
    public AttemptMeter meter() {
      return this;
    }

    @Override
    public boolean measuresEach() {
      return true;
    }

    @Override
    public void began() {}

    @Override
    public void ended(Code code, long nanos, long sentBytes, long receivedBytes) {
      told.add(code + " sent " + sentBytes + " received " + receivedBytes);
    }

    @Override
    public void repeated(int retries, int transparent, int hedges) {}
  }
}
