package io.meshagent.core.policy.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.policy.TestPolicies;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Methods that have one circuit together. */
class BreakerScopeTest extends BreakerFixture {

  private static final String OTHER = "helloworld.Greeter/SayGoodbye";
  private static final String FOREIGN = "helloworld.Guide/Lead";

  private final CallPlan other = compiler.plan(Side.CLIENT, OTHER, MethodKind.UNARY);
  private final CallPlan foreign = compiler.plan(Side.CLIENT, FOREIGN, MethodKind.UNARY);

  BreakerScopeTest() {
    super("client.breaker.scope=service");
  }

  private void end(CallPlan of, int count, Code code) {
    for (int i = 0; i < count; i++) {
      admitted(of).end(code, null);
    }
  }

  private Map<String, String> states() {
    return TestPolicies.breakers(compiler).states();
  }

  @Test
  void they_open_it_together() {
    end(plan, 10, Code.UNAVAILABLE);
    end(other, 9, Code.UNAVAILABLE);
    assertThat(states()).containsEntry(METHOD, "CLOSED").containsEntry(OTHER, "CLOSED");
    end(other, 1, Code.UNAVAILABLE);
    assertThat(states())
        .containsEntry(METHOD, "OPEN")
        .containsEntry(OTHER, "OPEN")
        .containsEntry(FOREIGN, "CLOSED");
    assertThat(refusal(plan).description()).contains("circuit open for " + METHOD);
    assertThat(refusal(other).description()).contains("circuit open for " + OTHER);
    end(foreign, 1, Code.OK);
  }

  @Test
  void and_share_its_probes() {
    end(plan, 20, Code.UNAVAILABLE);
    mesh.pass(Duration.ofMillis(5_001));
    for (int i = 0; i < 5; i++) {
      assertThat(mesh.call(i % 2 == 0 ? plan : other).admit()).isNull();
    }
    assertThat(refusal(plan).description()).endsWith("probes are under way");
    assertThat(refusal(other)).isNotNull();
  }

  @Test
  void one_of_them_may_be_left_out_or_forced() {
    become(
        "client.breaker.scope=service\nclient.breaker.enabled@"
            + OTHER
            + "=false\nclient.breaker.forced@"
            + METHOD
            + "=open");
    assertThat(states()).containsEntry(METHOD, "FORCED_OPEN").doesNotContainKey(OTHER);
    end(other, 50, Code.UNAVAILABLE);
    become("client.breaker.scope=service");
    end(plan, 1, Code.OK);
    end(other, 1, Code.OK);
  }

  @Test
  void their_circuit_goes_by_what_is_set_for_the_service() {
    become(
        "client.breaker.scope=service\nclient.breaker.minimum-calls@helloworld.Greeter=5"
            + "\nclient.breaker.minimum-calls@"
            + METHOD
            + "=100");
    end(plan, 5, Code.UNAVAILABLE);
    assertThat(states()).containsEntry(METHOD, "OPEN").containsEntry(OTHER, "OPEN");
  }

  @Test
  void each_has_its_own_again() {
    end(plan, 20, Code.UNAVAILABLE);
    become("");
    assertThat(states()).containsEntry(METHOD, "CLOSED").containsEntry(OTHER, "CLOSED");
    end(plan, 20, Code.UNAVAILABLE);
    assertThat(states()).containsEntry(METHOD, "OPEN").containsEntry(OTHER, "CLOSED");
  }

  @Test
  void where_nobody_knows_of_instances_a_method_has_its_own() {
    become("client.breaker.scope=instance");
    end(plan, 20, Code.UNAVAILABLE);
    assertThat(states()).containsEntry(METHOD, "OPEN").containsEntry(OTHER, "CLOSED");
  }

  @Test
  void the_rule_of_instances_is_that_of_the_service() {
    String instances = "client.breaker.scope@a.B=instance\n";
    assertThat(circuits(instances)).isNotNull();
    assertThat(circuits("")).isNull();
    assertThat(circuits(instances + "client.breaker.enabled=false")).isNull();
    assertThat(circuits(instances + "client.breaker.forced@a.B=closed")).isNull();
    assertThat(circuits(instances + "client.breaker.forced@a.B/C=closed")).isNotNull();
  }

  private static Object circuits(String settings) {
    return InstanceCircuits.of(TestSettings.loadText("test", settings), "a.B/");
  }

  @Test
  void a_scope_is_that_of_a_service() {
    assertThat(
            TestSettings.loadText("test", "client.breaker.scope@" + METHOD + "=service").problems())
        .singleElement()
        .asString()
        .contains("client.breaker.scope");
  }
}
