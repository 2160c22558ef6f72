package io.meshagent.core.policy.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.call.Verdict;
import io.meshagent.core.call.Wait;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.policy.PlanCompiler;
import io.meshagent.core.policy.TestPolicies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a breaker must not do to calls that a service would have answered. */
class BreakerHarmTest {

  private static final String METHOD = "helloworld.Greeter/SayHello";
  private static final String STREAM = "helloworld.Greeter/Chat";

  private final TestAgent mesh = new TestAgent();
  private final PlanCompiler compiler =
      new PlanCompiler(TestSettings.defaults(), null, mesh, name -> null);
  private final CallPlan plan = compiler.plan(Side.CLIENT, METHOD, MethodKind.UNARY);
  private final CallPlan stream = compiler.plan(Side.CLIENT, STREAM, MethodKind.BIDI_STREAMING);

  private String state(String method) {
    return TestPolicies.breakers(compiler).states().get(method);
  }

  private Call admitted(CallPlan of) {
    Call call = mesh.call(of);
    assertThat(call.admit()).isNull();
    return call;
  }

  private void open(CallPlan of) {
    for (int i = 0; i < 20; i++) {
      admitted(of).end(Code.UNAVAILABLE, null);
    }
    assertThat(state(of.method())).isEqualTo("OPEN");
  }

  @Test
  void callers_in_a_hurry_do_not_open_it_for_others() {
    for (int i = 0; i < 100; i++) {
      Call good = admitted(plan);
      Call hurried = admitted(plan);
      mesh.pass(Duration.ofMillis(30));
      hurried.end(outOfTime(hurried.elapsedNanos(), true));
      Call over = admitted(plan);
      over.end(outOfTime(0, false));
      mesh.pass(Duration.ofMillis(20));
      good.end(Code.OK, null);
    }
    assertThat(state(METHOD)).isEqualTo("CLOSED");
  }

  @Test
  void a_service_that_hangs_opens_it_whoever_set_the_deadline() {
    for (int i = 0; i < 20; i++) {
      Call call = admitted(plan);
      mesh.pass(Duration.ofMillis(50));
      call.end(Code.OK, null);
    }
    for (int i = 0; i < 60; i++) {
      Call call = mesh.call(plan);
      if (call.admit() == null) {
        mesh.pass(Duration.ofMillis(300));
        call.end(outOfTime(call.elapsedNanos(), i % 2 == 0));
      }
    }
    assertThat(state(METHOD)).isEqualTo("OPEN");
  }

  @Test
  void refusals_that_a_server_passes_on_do_not_open_the_circuit_of_that_server() {
    for (int i = 0; i < 100; i++) {
      Call call = admitted(plan);
      call.end(Outcome.of(Code.UNAVAILABLE, "mesh-agent: circuit open for c.C/M").passedOn());
    }
    assertThat(state(METHOD)).isEqualTo("CLOSED");
  }

  private static Outcome outOfTime(long givenNanos, boolean inherited) {
    return Outcome.of(Code.DEADLINE_EXCEEDED, null).outOfTime(givenNanos, inherited);
  }

  /** One that an instance answers. */
  private Call answeredBy(String instance, Code code) {
    Call call = mesh.call(plan, instance);
    if (call.admit() == null) {
      call.end(code, null);
    }
    return call;
  }

  @Test
  void one_bad_instance_of_two_does_not_open_it_while_the_other_is_well() {
    for (int i = 0; i < 200; i++) {
      assertThat(answeredBy("bad", Code.UNAVAILABLE).refusal()).isNull();
      assertThat(answeredBy("good", Code.OK).refusal()).isNull();
      mesh.pass(Duration.ofMillis(20));
    }
    assertThat(state(METHOD)).isEqualTo("CLOSED");
  }

  @Test
  void two_bad_instances_of_three_open_it() {
    for (int i = 0; i < 20; i++) {
      answeredBy("bad", Code.UNAVAILABLE);
      answeredBy("worse", Code.UNAVAILABLE);
      answeredBy("good", Code.OK);
    }
    assertThat(state(METHOD)).isEqualTo("OPEN");
  }

  @Test
  void a_service_that_goes_from_well_to_failing_opens_it_however_many_instances_it_has() {
    for (int i = 0; i < 1_000; i++) {
      answeredBy("instance " + i % 100, i % 50 == 0 ? Code.UNAVAILABLE : Code.OK);
      mesh.pass(Duration.ofMillis(5));
    }
    assertThat(state(METHOD)).isEqualTo("CLOSED");
    for (int i = 0; i < 2_500; i++) {
      answeredBy("instance " + i % 100, Code.UNAVAILABLE);
      mesh.pass(Duration.ofMillis(5));
    }
    assertThat(state(METHOD)).isNotEqualTo("CLOSED");
  }

  @Test
  void a_single_instance_has_nobody_beside_it_that_is_well() {
    for (int i = 0; i < 20; i++) {
      answeredBy("only", Code.UNAVAILABLE);
    }
    assertThat(state(METHOD)).isEqualTo("OPEN");
  }

  @Test
  void streams_that_say_nothing_and_live_close_it() {
    open(stream);
    mesh.pass(Duration.ofMillis(5_001));
    List<Call> probes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      probes.add(admitted(stream));
      probes.get(i).left();
    }
    assertThat(mesh.call(stream).admit()).isNotNull();
    mesh.pass(Duration.ofSeconds(1));
    for (int i = 0; i < 1_000; i++) {
      admitted(stream);
    }
    assertThat(state(STREAM)).isEqualTo("CLOSED");
    probes.forEach(probe -> probe.end(Code.CANCELLED, null));
    assertThat(state(STREAM)).isEqualTo("CLOSED");
  }

  @Test
  void streams_that_reached_no_connection_close_nothing() {
    open(stream);
    mesh.pass(Duration.ofMillis(5_001));
    for (int i = 0; i < 5; i++) {
      admitted(stream);
    }
    mesh.pass(Duration.ofMillis(1_500));
    assertThat(mesh.call(stream).admit()).isNotNull();
    assertThat(state(STREAM)).isEqualTo("HALF_OPEN");
  }

  @Test
  void who_waits_for_ready_is_never_refused_and_goes_when_the_others_go() {
    open(plan);
    AtomicInteger resumed = new AtomicInteger();
    List<Call> waiting = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Call call = mesh.patientCall(plan);
      List<Verdict> verdicts = new ArrayList<>();
      TestAgent.admit(
          call,
          verdict -> {
            verdicts.add(verdict);
            if (verdict == null) {
              resumed.incrementAndGet();
              call.end(Code.OK, null);
            }
          });
      assertThat(verdicts).singleElement().isInstanceOf(Wait.class);
      waiting.add(call);
    }
    waiting.get(0).end(Code.CANCELLED, null);
    mesh.pass(Duration.ofMillis(4_800));
    assertThat(resumed).hasValue(0);

    mesh.pass(Duration.ofMillis(500));

    assertThat(resumed).hasValue(49);
    assertThat(state(METHOD)).isEqualTo("CLOSED");
    assertThat(waiting).allMatch(Call::isOver);
  }

  @Test
  void waiting_ends_nothing_of_what_still_fails() {
    open(plan);
    Call call = mesh.patientCall(plan);
    List<Verdict> verdicts = new ArrayList<>();
    TestAgent.admit(call, verdicts::add);
    assertThat(verdicts).singleElement().isInstanceOf(Wait.class);
    mesh.pass(Duration.ofMillis(5_201));
    assertThat(verdicts).last().isNull();
    call.end(Code.UNAVAILABLE, null);
    for (int i = 0; i < 4; i++) {
      admitted(plan).end(Code.UNAVAILABLE, null);
    }
    assertThat(state(METHOD)).isEqualTo("OPEN");
  }

  @Test
  void a_cancelled_stream_whose_answer_comes_meanwhile_gives_one_permit_back() {
    open(stream);
    mesh.pass(Duration.ofMillis(5_001));
    Call first = admitted(stream);
    first.end(Code.CANCELLED, null);
    first.responded();
    for (int i = 0; i < 5; i++) {
      admitted(stream);
    }
    assertThat(mesh.call(stream).admit()).isNotNull();
  }
}
