package io.meshagent.core.policy.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Copies;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.policy.base.PlannedMethod;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MirrorStageTest {

  private static final Service SERVICE =
      (Service)
          Proxy.newProxyInstance(
              Service.class.getClassLoader(), new Class<?>[] {Service.class}, (p, m, a) -> null);

  private final TestAgent agent = new TestAgent();
  private final Mirrors mirrors = new Mirrors();

  private static Settings settings(String text) {
    Settings settings = TestSettings.loadText("test", text);
    assertThat(settings.problems()).isEmpty();
    return settings;
  }

  private CallPlan plan(String text, MethodKind kind) {
    PlannedMethod method = new PlannedMethod(Side.CLIENT, "a.B/C", kind, SERVICE, true);
    CallPlan plan = new CallPlan(Side.CLIENT, "a.B/C", SERVICE);
    Stage stage = mirrors.innerStage(method, settings(text));
    plan.install(stage == null ? new Stage[0] : new Stage[] {stage}, 0);
    return plan;
  }

  /** A call with headers, which is told of attempts. */
  private final class Leaving extends Call {
    final Map<String, String> headers = new HashMap<>();
    final List<Copies> copies = new ArrayList<>();

    Leaving(CallPlan plan) {
      super(plan, agent);
    }

    Leaving leave() {
      assertThat(admit()).isNull();
      sending();
      sending();
      boolean unused = end(Code.OK, null);
      return this;
    }

    @Override
    public void copy(Copies to) {
      copies.add(to);
    }

    @Override
    public String header(String name) {
      return headers.get(name);
    }

    @Override
    public void addHeader(String name, String value) {}
  }

  private static Instance instance(String version) {
    InetSocketAddress nowhere = InetSocketAddress.createUnresolved("one", 1);
    return new Instance("one", 1, nowhere, Map.of("version", version));
  }

  private static String traceparent(Random random) {
    return String.format("00-%016x%016x-00f067aa0ba902b7-01", random.nextLong(), random.nextLong());
  }

  @Test
  void of_the_traces_the_share_is_copied_and_each_call_of_a_trace_alike() {
    CallPlan plan = plan("client.mirror@a.B=10% -> version=3 ; 20% -> version=4", MethodKind.UNARY);
    Random random = new Random(1);
    int toThree = 0;
    int toFour = 0;
    for (int i = 0; i < 20_000; i++) {
      Leaving call = new Leaving(plan);
      Leaving again = new Leaving(plan);
      call.headers.put("traceparent", traceparent(random));
      again.headers.putAll(call.headers);
      call.leave();
      assertThat(call.copies).isEqualTo(again.leave().copies).hasSizeLessThan(2);
      if (!call.copies.isEmpty()) {
        toThree += call.copies.get(0).fit(instance("3")) ? 1 : 0;
        toFour += call.copies.get(0).fit(instance("4")) ? 1 : 0;
      }
    }
    assertThat(toThree).isCloseTo(2_000, within(200));
    assertThat(toFour).isCloseTo(4_000, within(250));
  }

  @Test
  void a_call_without_a_trace_or_with_a_strange_one_is_copied_by_chance() {
    CallPlan plan = plan("client.mirror=50% -> version=3", MethodKind.UNARY);
    int copied = 0;
    for (int i = 0; i < 2_000; i++) {
      Leaving call = new Leaving(plan);
      if (i % 2 == 0) {
        call.headers.put("traceparent", "x".repeat(60));
      }
      copied += call.leave().copies.size();
    }
    assertThat(copied).isCloseTo(1_000, within(120));
    assertThat(agent.failures).hasValue(0);
  }

  @Test
  void no_copy_is_made_of_a_copy() {
    CallPlan plan = plan("client.mirror=* -> version=3", MethodKind.UNARY);
    assertThat(new Leaving(plan).leave().copies).as("once, of two attempts").hasSize(1);

    Leaving marked = new Leaving(plan);
    marked.headers.put("mesh-mirror", "1");
    assertThat(marked.leave().copies).isEmpty();
    Leaving within = new Leaving(plan);
    within.isCopy = true;
    assertThat(within.leave().copies).isEmpty();
  }

  @Test
  void streams_and_methods_without_a_rule_cost_nothing() {
    assertThat(
            plan("client.mirror=* -> version=3", MethodKind.BIDI_STREAMING)
                .pipeline()
                .copiesRequests())
        .isFalse();
    assertThat(
            plan("client.mirror@c.D=* -> version=3", MethodKind.UNARY).pipeline().copiesRequests())
        .isFalse();
    assertThat(plan("", MethodKind.UNARY).pipeline().marksEveryCall()).isFalse();
  }

  @Test
  void so_many_are_under_way_and_no_more() {
    mirrors.retain(settings("client.mirror.max=2"));
    CallPlan plan = plan("client.mirror=* -> version=3", MethodKind.UNARY);
    Copies to = new Leaving(plan).leave().copies.get(0);

    assertThat(to.begin()).isTrue();
    assertThat(to.begin()).isTrue();
    assertThat(to.begin()).isFalse();
    to.end(Copies.End.FAILED);
    assertThat(to.begin()).isTrue();
    mirrors.retain(settings("client.mirror.max=0"));
    to.end(Copies.End.OK);
    assertThat(to.begin()).isFalse();
  }

  @Test
  void a_server_looks_for_copies_only_where_its_program_makes_some() {
    PlannedMethod method = new PlannedMethod(Side.SERVER, "a.B/C", MethodKind.UNARY, null, true);

    assertThat(mirrors.innerStage(method, settings(""))).isNull();
    assertThat(mirrors.innerStage(method, settings("client.mirror.max=1"))).isNull();
    assertThat(mirrors.innerStage(method, settings("client.mirror@c.D=* -> version=3")))
        .isInstanceOf(CopiedStage.class);
  }
}
