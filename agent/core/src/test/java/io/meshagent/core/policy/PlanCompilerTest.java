package io.meshagent.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.policy.ratelimit.RateLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanCompilerTest {

  private final TestAgent mesh = new TestAgent();
  private final List<String> seen = new ArrayList<>();

  private PlanCompiler compiler(String settings) {
    return new PlanCompiler(settings(settings), new Recorder(), mesh, NamedService::new);
  }

  private static Settings settings(String text) {
    Settings settings = TestSettings.loadText("test", text);
    assertThat(settings.problems()).isEmpty();
    return settings;
  }

  @Test
  void there_is_one_plan_for_a_side_and_method_for_ever() {
    PlanCompiler compiler = compiler("");
    CallPlan plan = compiler.plan(Side.CLIENT, "a.B/C", MethodKind.UNARY);
    compiler.recompile(settings("client.timeout=1s"));

    assertThat(compiler.plan(Side.CLIENT, "a.B/C", MethodKind.UNARY)).isSameAs(plan);
    assertThat(compiler.plan(Side.SERVER, "a.B/C", MethodKind.UNARY)).isNotSameAs(plan);
    assertThat(plan.pipeline().timeoutNanos()).isEqualTo(Duration.ofSeconds(1).toNanos());
    assertThat(compiler.plan(Side.SERVER, "a.B/C", MethodKind.UNARY).pipeline().timeoutNanos())
        .isZero();
  }

  @Test
  void the_pipelines_stand_in_order() {
    PlanCompiler compiler = compiler("client.rate-limit.rate=1/s\nserver.rate-limit.rate=1/s");
    for (Side side : Side.values()) {
      CallPlan plan = compiler.plan(side, "a.B/C", MethodKind.UNARY);
      Call first = mesh.call(plan);
      first.admit();
      first.end(Code.OK, null);
      mesh.call(plan).admit();
    }

    assertThat(seen)
        .containsExactly(
            "enter CLIENT metrics",
            "enter CLIENT trace",
            "leave CLIENT trace OK",
            "leave CLIENT metrics OK",
            "enter CLIENT metrics",
            "leave CLIENT metrics RESOURCE_EXHAUSTED by rate-limit",
            "enter SERVER metrics",
            "enter SERVER trace",
            "leave SERVER trace OK",
            "leave SERVER metrics OK",
            "enter SERVER metrics",
            "leave SERVER metrics RESOURCE_EXHAUSTED by rate-limit");
  }

  @Test
  void services_are_looked_up_as_their_names_say_and_governed_all_the_same() {
    String timeout = "\nclient.timeout=1s";
    PlanCompiler excluding = compiler("discover.exclude-services=a.*,c.D" + timeout);
    PlanCompiler including =
        compiler("discover.include-services=a.*\ndiscover.exclude-services=a.X" + timeout);

    assertThat(excluding.plan(Side.CLIENT, "a.B/C", MethodKind.UNARY).service()).isNull();
    assertThat(excluding.plan(Side.CLIENT, "c.D/C", MethodKind.UNARY).service()).isNull();
    assertThat(excluding.plan(Side.CLIENT, "c.DE/C", MethodKind.UNARY).service()).isNotNull();
    assertThat(including.plan(Side.CLIENT, "a.B/C", MethodKind.UNARY).service()).isNotNull();
    assertThat(including.plan(Side.CLIENT, "a.X/C", MethodKind.UNARY).service()).isNull();
    assertThat(including.plan(Side.CLIENT, "c.D/C", MethodKind.UNARY).service()).isNull();
    assertThat(including.plan(Side.CLIENT, "c.D/C", MethodKind.UNARY).pipeline().timeoutNanos())
        .isEqualTo(Duration.ofSeconds(1).toNanos());
  }

  @ParameterizedTest
  @ValueSource(strings = {"etcdserverpb.KV/Range", "v3lockpb.Lock/Lock", "v3electionpb.Election/X"})
  void a_program_s_own_etcd_is_left_alone(String method) {
    assertThat(compiler("").plan(Side.CLIENT, method, MethodKind.UNARY)).isNull();
    assertThat(compiler("").plan(Side.SERVER, method, MethodKind.UNARY)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "grpc.lb.v1.LoadBalancer/X",
        "envoy.service.Y/X",
        "google.pubsub.v1.Publisher/X",
        "opentelemetry.proto.collector.trace.v1.TraceService/Export"
      })
  void some_services_are_governed_and_never_looked_up(String method) {
    PlanCompiler compiler = compiler("");
    assertThat(compiler.plan(Side.CLIENT, method, MethodKind.UNARY).service()).isNull();
    assertThat(TestPolicies.breakers(compiler).states()).containsKey(method);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "grpc.health.v1.Health/Check",
        "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        "grpc.channelz.v1.Channelz/GetServers"
      })
  void answers_about_the_server_are_observed_only(String method) {
    PlanCompiler compiler =
        compiler("client.rate-limit.rate=1/h\nserver.rate-limit.rate=1/h\nclient.timeout=1s");
    for (Side side : Side.values()) {
      CallPlan plan = compiler.plan(side, method, MethodKind.UNARY);
      for (int i = 0; i < 100; i++) {
        Call call = mesh.call(plan);
        assertThat(call.admit()).isNull();
        call.end(Code.UNAVAILABLE, null);
      }
      assertThat(plan.pipeline().timeoutNanos()).isZero();
    }
    assertThat(compiler.plan(Side.CLIENT, method, MethodKind.UNARY).service()).isNull();
    assertThat(seen).contains("enter CLIENT metrics", "enter SERVER trace");
    assertThat(TestPolicies.breakers(compiler).states()).isEmpty();
  }

  @Test
  void clients_look_services_up_and_servers_do_not() {
    PlanCompiler compiler = compiler("");
    assertThat(compiler.plan(Side.CLIENT, "a.B/C", MethodKind.UNARY).service().name())
        .isEqualTo("a.B");
    assertThat(
            compiler
                .plan(Side.CLIENT, "grpc.testing.TestService/X", MethodKind.UNARY)
                .service()
                .name())
        .isEqualTo("grpc.testing.TestService");
    assertThat(compiler.plan(Side.SERVER, "a.B/C", MethodKind.UNARY).service()).isNull();
    assertThat(compiler.plan(Side.CLIENT, "odd", MethodKind.UNARY).service()).isNull();
    assertThat(
            compiler("discover.enabled=false")
                .plan(Side.CLIENT, "a.B/C", MethodKind.UNARY)
                .service())
        .isNull();
  }

  @Test
  void new_settings_keep_the_state_of_what_they_do_not_change() {
    PlanCompiler compiler = compiler("client.rate-limit.rate@a.B=10/s");
    CallPlan plan = compiler.plan(Side.CLIENT, "a.B/C", MethodKind.UNARY);
    RateLimit limit = TestPolicies.buckets(compiler).all().get(0);
    CallPlan broken = compiler.plan(Side.CLIENT, "x.Y/Z", MethodKind.UNARY);
    for (int i = 0; i < 20; i++) {
      Call call = mesh.call(broken);
      call.admit();
      call.end(Code.UNAVAILABLE, null);
    }

    compiler.recompile(settings("client.rate-limit.rate@a.B=10/s\nclient.timeout@a.B/C=2s"));
    assertThat(TestPolicies.buckets(compiler).all()).containsExactly(limit);
    assertThat(TestPolicies.breakers(compiler).states()).containsEntry("x.Y/Z", "OPEN");
    assertThat(plan.pipeline().timeoutNanos()).isEqualTo(Duration.ofSeconds(2).toNanos());

    compiler.recompile(settings("client.rate-limit.rate=20/s\nclient.breaker.enabled=false"));
    assertThat(TestPolicies.buckets(compiler).all())
        .extracting(RateLimit::name)
        .containsExactly("client.rate-limit.rate");
    assertThat(TestPolicies.breakers(compiler).states()).isEmpty();
    assertThat(mesh.call(broken).admit()).isNull();
  }

  @Test
  void a_running_call_ends_in_the_pipeline_it_began_in() {
    PlanCompiler compiler = compiler("");
    CallPlan plan = compiler.plan(Side.CLIENT, "a.B/C", MethodKind.UNARY);
    Call call = mesh.call(plan);
    call.admit();
    compiler.recompile(settings("client.breaker.enabled=false\nclient.rate-limit.rate=1/s"));
    seen.clear();
    call.end(Code.OK, null);

    assertThat(seen).containsExactly("leave CLIENT trace OK", "leave CLIENT metrics OK");
    assertThat(mesh.failures).hasValue(0);
  }

  private final class Recorder implements Observers {
    @Override
    public Stage metrics(Side side, String method) {
      return new Recording(side + " metrics");
    }

    @Override
    public Stage trace(Side side, String method) {
      return new Recording(side + " trace");
    }
  }

  private final class Recording implements Stage {
    private final String name;

    Recording(String name) {
      this.name = name;
    }

    @Override
    public Refusal enter(Call call) {
      seen.add("enter " + name);
      return null;
    }

    @Override
    public void leave(Call call) {
      String by = call.refusal() == null ? "" : " by " + call.refusal().policy();
      seen.add("leave " + name + " " + call.code() + by);
    }
  }

  private record NamedService(String name) implements Service {
    @Override
    public int index() {
      return 0;
    }

    @Override
    public Endpoints endpoints() {
      return Endpoints.UNKNOWN;
    }

    @Override
    public void watch(Watcher watcher) {}

    @Override
    public void unwatch(Watcher watcher) {}
  }
}
