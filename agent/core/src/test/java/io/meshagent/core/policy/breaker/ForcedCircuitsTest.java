package io.meshagent.core.policy.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.call.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Circuits that are open or closed because somebody says so. */
class ForcedCircuitsTest extends BreakerFixture {

  private static final String OPEN = "client.breaker.forced@helloworld.Greeter=open\n";
  private static final String CLOSED = "client.breaker.forced@helloworld.Greeter=closed\n";

  @Test
  void forced_open_it_refuses_all_and_says_by_which_setting() {
    become(OPEN);
    assertThat(refusal(plan).description())
        .isEqualTo(
            "mesh-agent: circuit forced open for "
                + METHOD
                + " (client.breaker.forced@helloworld.Greeter)");
    mesh.pass(Duration.ofHours(1));
    assertThat(refusal(plan).code()).isEqualTo(Code.UNAVAILABLE);
    assertThat(state()).isEqualTo("FORCED_OPEN");

    become("");
    assertThat(state()).isEqualTo("CLOSED");
    calls(1, Code.OK);
  }

  @Test
  void forced_closed_it_lets_all_in_and_counts_none() {
    open();
    become(CLOSED);
    assertThat(state()).isEqualTo("FORCED_CLOSED");
    calls(100, Code.UNAVAILABLE);

    become("");
    assertThat(state()).as("as it was").isEqualTo("OPEN");
    mesh.pass(Duration.ofMillis(5_001));
    calls(5, Code.OK);
    assertThat(state()).isEqualTo("CLOSED");
  }

  @Test
  void calls_that_began_before_say_what_they_have_to_say_afterwards() {
    List<Call> before = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      before.add(admitted(plan));
    }
    become(CLOSED);
    Call between = admitted(plan);
    become("");
    between.end(Code.UNAVAILABLE, null);
    before.subList(0, 19).forEach(call -> call.end(Code.UNAVAILABLE, null));
    assertThat(state()).isEqualTo("CLOSED");
    before.get(19).end(Code.UNAVAILABLE, null);
    assertThat(state()).isEqualTo("OPEN");
  }

  @Test
  void it_works_without_a_breaker_too() {
    become("client.breaker.enabled=false\n");
    assertThat(state()).isNull();
    become("client.breaker.enabled=false\n" + OPEN);
    assertThat(refusal(plan)).isNotNull();
    become("client.breaker.enabled=false\n");
    calls(100, Code.UNAVAILABLE);
    assertThat(state()).isNull();
  }

  @Test
  void the_setting_for_fewer_methods_wins() {
    become(OPEN + "client.breaker.forced@" + METHOD + "=off\n");
    calls(1, Code.OK);
    assertThat(state()).isEqualTo("CLOSED");
  }

  @Test
  void a_call_that_would_rather_wait_waits_until_it_is_over() {
    become(OPEN);
    List<Verdict> told = new ArrayList<>();
    TestAgent.admit(mesh.patientCall(plan), told::add);
    mesh.pass(Duration.ofMinutes(1));
    assertThat(told).hasSize(1).doesNotContainNull();
    become("client.breaker.window=30s\n");
    mesh.pass(Duration.ofMillis(200));
    assertThat(told).hasSize(2).last().isNull();
  }

  @Test
  void the_page_names_the_setting_while_it_is_in_force() {
    become(OPEN);
    assertThat(compiler.policies().facts())
        .containsEntry(
            "forced circuits", Map.of("client.breaker.forced@helloworld.Greeter", "open"));
    become(CLOSED);
    assertThat(compiler.policies().facts())
        .containsEntry(
            "forced circuits", Map.of("client.breaker.forced@helloworld.Greeter", "closed"));
    become("");
    assertThat(compiler.policies().facts()).doesNotContainKey("forced circuits");
  }
}
