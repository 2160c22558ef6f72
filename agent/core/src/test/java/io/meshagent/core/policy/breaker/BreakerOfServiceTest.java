package io.meshagent.core.policy.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.LiveEndpoints;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.policy.PlanCompiler;
import io.meshagent.core.policy.TestPolicies;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a breaker makes of the news that its service is hosted. */
class BreakerOfServiceTest {

  private static final String METHOD = "helloworld.Greeter/SayHello";

  private final TestAgent mesh = new TestAgent();
  private final Hosted service = new Hosted();
  private final PlanCompiler compiler =
      new PlanCompiler(TestSettings.defaults(), null, mesh, name -> service);
  private final CallPlan plan = compiler.plan(Side.CLIENT, METHOD, MethodKind.UNARY);

  private String state() {
    return TestPolicies.breakers(compiler).states().get(METHOD);
  }

  private void calls(int count, Code code) {
    for (int i = 0; i < count; i++) {
      Call call = mesh.call(plan);
      assertThat(call.admit()).isNull();
      call.end(code, null);
    }
  }

  /** Somebody comes, and the channels have had the time to learn of it. */
  private void comes() {
    service.hostedBy(1);
    mesh.pass(Duration.ofMillis(500));
  }

  private void isRefused() {
    assertThat(mesh.call(plan).admit()).as("refused").isNotNull();
  }

  private void open() {
    calls(20, Code.UNAVAILABLE);
    assertThat(state()).isEqualTo("OPEN");
  }

  @Test
  void probes_soon_when_the_first_instance_comes() {
    open();
    service.hostedBy(1);
    mesh.pass(Duration.ofMillis(499));
    isRefused();
    mesh.pass(Duration.ofMillis(1));
    calls(5, Code.OK);
    assertThat(state()).isEqualTo("CLOSED");
  }

  @Test
  void waits_again_when_the_first_instance_fails_too() {
    open();
    comes();
    calls(5, Code.UNAVAILABLE);
    assertThat(state()).isEqualTo("OPEN");
    comes();
    isRefused();
  }

  @Test
  void lets_no_more_through_than_its_probes() {
    open();
    comes();
    for (int i = 0; i < 5; i++) {
      assertThat(mesh.call(plan).admit()).isNull();
    }
    isRefused();
  }

  @Test
  void calls_from_before_the_first_instance_decide_nothing() {
    Call slow = mesh.call(plan);
    assertThat(slow.admit()).isNull();
    open();
    comes();
    calls(4, Code.OK);
    slow.end(Code.UNAVAILABLE, null);
    assertThat(state()).isEqualTo("HALF_OPEN");
    calls(1, Code.OK);
    assertThat(state()).isEqualTo("CLOSED");
  }

  @Test
  void further_instances_are_no_reason() {
    service.hostedBy(1);
    open();
    service.hostedBy(2);
    mesh.pass(Duration.ofMillis(500));
    isRefused();
  }

  @Test
  void nor_is_one_that_was_there_from_the_start() {
    service.hostedBy(1);
    open();
    mesh.pass(Duration.ofMillis(500));
    isRefused();
  }

  @Test
  void calls_that_went_where_nobody_was_may_open_it_a_moment_later() {
    service.hostedBy(0);
    service.hostedBy(1);
    open();
    mesh.pass(Duration.ofMillis(500));
    calls(5, Code.OK);
    assertThat(state()).isEqualTo("CLOSED");
  }

  @Test
  void those_that_come_back_are() {
    service.hostedBy(1);
    open();
    service.hostedBy(0);
    mesh.pass(Duration.ofMillis(500));
    isRefused();
    comes();
    calls(5, Code.OK);
    assertThat(state()).isEqualTo("CLOSED");
  }

  @Test
  void a_closed_circuit_stays_closed() {
    service.hostedBy(1);
    assertThat(state()).isEqualTo("CLOSED");
  }

  /** A service with as many instances as it is told. */
  private static final class Hosted implements Service {
    private Endpoints endpoints = Endpoints.ABSENT;
    private Watcher watcher;

    void hostedBy(int count) {
      endpoints =
          count == 0
              ? Endpoints.ABSENT
              : LiveEndpoints.of(IntStream.range(0, count).mapToObj(i -> instance(1 + i)).toList());
      watcher.changed(this);
    }

    private static Instance instance(int port) {
      return new Instance("127.0.0.1", port, new InetSocketAddress(port), Collections.emptyMap());
    }

    @Override
    public String name() {
      return "helloworld.Greeter";
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
    public void watch(Watcher wanted) {
      watcher = wanted;
    }

    @Override
    public void unwatch(Watcher unwanted) {}
  }
}
