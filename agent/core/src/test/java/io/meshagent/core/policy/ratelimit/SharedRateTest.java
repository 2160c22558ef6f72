package io.meshagent.core.policy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Side;
import io.meshagent.core.api.Standing;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.policy.PlanCompiler;
import io.meshagent.core.policy.Services;
import io.meshagent.core.policy.TestPolicies;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rate that all instances of a service share. */
class SharedRateTest {

  private static final String CLUSTER =
      "server.rate-limit.rate=500/s\nserver.rate-limit.scope=cluster\n";

  private final TestAgent mesh = new TestAgent();
  private final Map<String, Hosted> services = new HashMap<>();

  /** What the directory says of a service. */
  private static final class Hosted implements Service {
    private final String name;
    private Endpoints endpoints = Endpoints.UNKNOWN;
    private int held;

    Hosted(String name) {
      this.name = name;
    }

    void has(Endpoint... now) {
      endpoints = now.length == 0 ? Endpoints.ABSENT : Endpoints.of(List.of(now));
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int index() {
      return 0;
    }

    @Override
    public Endpoints endpoints() {
      return endpoints;
    }

    @Override
    public void watch(Watcher watcher) {}

    @Override
    public void unwatch(Watcher watcher) {}
  }

  private static Endpoint endpoint(int port, Standing standing, String... fact) {
    Map<String, String> facts = fact.length == 0 ? Map.of() : Map.of(fact[0], fact[1]);
    InetSocketAddress address = InetSocketAddress.createUnresolved("a", port);
    return new Endpoint(new Instance("a", port, address, facts), standing, 0);
  }

  private static Endpoint live(int port) {
    return endpoint(port, Standing.LIVE);
  }

  private Hosted service(String name) {
    return services.computeIfAbsent(name, Hosted::new);
  }

  private PlanCompiler compiler(String text) {
    Settings parsed = TestSettings.loadText("test", text);
    assertThat(parsed.problems()).isEmpty();
    return new PlanCompiler(
        parsed,
        null,
        mesh,
        new Services() {
          @Override
          public Service hold(String name) {
            Hosted held = service(name);
            held.held++;
            return held;
          }

          @Override
          public void letGo(Service service) {
            ((Hosted) service).held--;
          }
        });
  }

  private boolean passes(CallPlan plan) {
    Call call = mesh.call(plan);
    boolean passes = call.admit() == null;
    if (passes) {
      call.end(Code.OK, null);
    }
    return passes;
  }

  /** Of ten times as many as may pass of one. */
  private int passed(List<CallPlan> plans, Duration time) {
    int passed = 0;
    for (long i = 0; i < time.toMillis() * 5; i++) {
      mesh.pass(Duration.ofNanos(200_000));
      for (CallPlan plan : plans) {
        passed += passes(plan) ? 1 : 0;
      }
    }
    return passed;
  }

  @Test
  void lets_500_a_second_through_within_2_percent_of_5000_offered() {
    CallPlan plan =
        compiler("server.rate-limit.rate=500/s").plan(Side.SERVER, "a.B/C", MethodKind.UNARY);
    assertThat(passed(List.of(plan), Duration.ofSeconds(10))).isCloseTo(5_000, within(100));
  }

  @Test
  void servers_that_come_and_go_answer_the_rate_together() {
    List<CallPlan> servers = new ArrayList<>();
    Hosted service = service("a.B");
    List<Endpoint> endpoints = new ArrayList<>();
    for (int port = 1; port <= 3; port++) {
      servers.add(compiler(CLUSTER).plan(Side.SERVER, "a.B/C", MethodKind.UNARY));
      endpoints.add(live(port));
      service.has(endpoints.toArray(new Endpoint[0]));
      assertThat(passed(servers, Duration.ofSeconds(10)))
          .as(servers.size() + " servers")
          .isCloseTo(5_000, within(250));
    }
    for (int left = 2; left >= 1; left--) {
      servers.remove(left);
      endpoints.remove(left);
      service.has(endpoints.toArray(new Endpoint[0]));
      assertThat(passed(servers, Duration.ofSeconds(10)))
          .as(left + " servers")
          .isCloseTo(5_000, within(250));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1/s", "7/m", "10/s"})
  void no_fraction_of_a_small_rate_is_lost(String rate) {
    service("a.B").has(live(1), live(2), live(3));
    CallPlan plan =
        compiler("server.rate-limit.scope=cluster\nserver.rate-limit.rate=" + rate)
            .plan(Side.SERVER, "a.B/C", MethodKind.UNARY);
    int count = Integer.parseInt(rate.substring(0, rate.indexOf('/')));
    boolean inMinutes = rate.endsWith("m");
    int passed = 0;
    for (int i = 0; i < 90_000; i++) {
      mesh.pass(Duration.ofMillis(inMinutes ? 600 : 10));
      passed += passes(plan) ? 1 : 0;
    }
    assertThat(passed).isCloseTo(300 * count, within(2 + count));
  }

  @Test
  void counts_who_takes_calls_and_keeps_the_number_while_nothing_is_known() {
    PlanCompiler compiler = compiler(CLUSTER);
    CallPlan plan = compiler.plan(Side.SERVER, "a.B/C", MethodKind.UNARY);
    RateLimit limit = TestPolicies.buckets(compiler).all().get(0);
    assertThat(limit.instances()).isOne();

    service("a.B").has(live(1), live(2), endpoint(3, Standing.HELD), endpoint(4, Standing.STALE));
    assertThat(limit.instances()).as("a registry in trouble takes nobody away").isEqualTo(4);
    service("a.B")
        .has(
            live(1),
            live(2),
            endpoint(3, Standing.LIVE, "draining", "true"),
            endpoint(4, Standing.LIVE, "weight", "0"));
    assertThat(limit.instances()).isEqualTo(2);
    service("a.B").has();
    assertThat(limit.instances()).isEqualTo(2);

    for (int i = 0; i < 200; i++) {
      boolean unused = passes(plan);
    }
    assertThat(((Refusal) mesh.call(plan).admit()).description())
        .isEqualTo(
            "mesh-agent: more than 500/s calls, shared by 2 instances (server.rate-limit.rate)");
  }

  @Test
  void the_burst_is_shared_and_stays_as_full_as_it_was() {
    PlanCompiler compiler = compiler(CLUSTER + "server.rate-limit.burst=90\n");
    CallPlan plan = compiler.plan(Side.SERVER, "a.B/C", MethodKind.UNARY);
    service("a.B").has(live(1));
    for (int i = 0; i < 30; i++) {
      assertThat(passes(plan)).isTrue();
    }
    service("a.B").has(live(1), live(2), live(3));
    assertThat(passes(plan)).isTrue();
    assertThat(TestPolicies.buckets(compiler).all().get(0).available()).isEqualTo(19);
  }

  @Test
  void a_rate_for_several_services_is_shared_by_those_of_the_one_with_most() {
    PlanCompiler compiler = compiler(CLUSTER);
    CallPlan unused = compiler.plan(Side.SERVER, "a.B/C", MethodKind.UNARY);
    CallPlan another = compiler.plan(Side.SERVER, "a.D/C", MethodKind.UNARY);
    assertThat(passes(another)).isTrue();
    service("a.B").has(live(1));
    service("a.D").has(live(1), live(2));
    assertThat(TestPolicies.buckets(compiler).all().get(0).instances()).isEqualTo(2);
  }

  @Test
  void services_are_held_as_long_as_the_setting_stands() {
    PlanCompiler compiler = compiler(CLUSTER);
    CallPlan unused = compiler.plan(Side.SERVER, "a.B/C", MethodKind.UNARY);
    unused = compiler.plan(Side.SERVER, "a.B/D", MethodKind.UNARY);
    assertThat(service("a.B").held).isOne();
    compiler.recompile(TestSettings.loadText("test", CLUSTER + "client.timeout=1s\n"));
    assertThat(service("a.B").held).isOne();
    compiler.recompile(TestSettings.loadText("test", CLUSTER + "server.rate-limit.burst=7\n"));
    assertThat(service("a.B").held).isOne();
    compiler.recompile(TestSettings.loadText("test", "server.rate-limit.rate=500/s"));
    assertThat(service("a.B").held).isZero();
    compiler.recompile(TestSettings.loadText("test", CLUSTER));
    compiler.recompile(TestSettings.loadText("test", ""));
    assertThat(service("a.B").held).isZero();
  }

  @Test
  void where_the_directory_has_no_say_each_instance_has_all_of_it() {
    Settings parsed = TestSettings.loadText("test", CLUSTER);
    CallPlan plan =
        new PlanCompiler(parsed, null, mesh, name -> null)
            .plan(Side.SERVER, "a.B/C", MethodKind.UNARY);
    assertThat(passed(List.of(plan), Duration.ofSeconds(2))).isCloseTo(1_000, within(60));
  }
}
