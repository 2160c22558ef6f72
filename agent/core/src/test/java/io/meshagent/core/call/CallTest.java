package io.meshagent.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What stages may say of a call, and what comes of it. */
class CallTest {

  private static final Duration LONG = Duration.ofSeconds(1);

  private final TestAgent agent = new TestAgent();
  private final List<String> seen = new ArrayList<>();
  private final List<Verdict> verdicts = new ArrayList<>();

  private Call call(Stage... stages) {
    CallPlan plan = new CallPlan(Side.CLIENT, "a.B/C", null);
    plan.install(stages, 0);
    return agent.patientCall(plan);
  }

  private Call admitted(Stage... stages) {
    Call call = call(stages);
    TestAgent.admit(call, verdicts::add);
    return call;
  }

  @Test
  void waits_and_goes_on_with_the_stage_that_had_it_wait() {
    Call call = admitted(new Watching("outer"), new Delay(LONG), new Watching("inner"));
    assertThat(verdicts).singleElement().isInstanceOf(Wait.class);
    assertThat(seen).containsExactly("outer enters");

    agent.pass(LONG);

    assertThat(verdicts).hasSize(2).last().isNull();
    assertThat(seen).containsExactly("outer enters", "inner enters");
    assertThat(call.end(Outcome.OK)).isTrue();
    assertThat(seen).endsWith("inner leaves OK", "outer leaves OK").hasSize(4);
  }

  @Test
  void waits_for_two_stages_one_after_the_other() {
    Call call = admitted(new Delay(LONG), new Delay(LONG));
    agent.pass(LONG);
    assertThat(verdicts).hasSize(2).doesNotContainNull();
    agent.pass(LONG);
    assertThat(verdicts).hasSize(3).last().isNull();
    assertThat(call.elapsedNanos()).isEqualTo(2 * LONG.toNanos());
  }

  @Test
  void goes_on_when_it_was_resumed_before_the_adapter_was_ready() {
    Stage hasty =
        new Delay(LONG) {
          @Override
          void wait(Call call) {
            call.resume();
          }
        };
    Call call = admitted(hasty);
    assertThat(verdicts).hasSize(2).last().isNull();
    assertThat(call.isOver()).isFalse();
  }

  @Test
  void tells_the_stage_that_had_it_wait_when_it_ends_before() {
    Call call = admitted(new Watching("outer"), new Delay(LONG), new Watching("inner"));

    assertThat(call.end(Code.CANCELLED, "enough")).isTrue();

    assertThat(seen).containsExactly("outer enters", "abandoned", "outer leaves CANCELLED");
    assertThat(call.end(Code.OK, null)).isFalse();
  }

  @Test
  void goes_on_where_it_can_not_wait() {
    CallPlan plan = new CallPlan(Side.CLIENT, "a.B/C", null);
    plan.install(new Stage[] {new Delay(LONG), new Watching("inner")}, 0);
    assertThat(agent.call(plan).admit()).isNull();

    Call call = call(new Delay(LONG), new Watching("other"));
    call.waitedEnough();
    assertThat(call.admit()).isNull();
    assertThat(seen).containsExactly("inner enters", "other enters");
  }

  @Test
  void is_answered_without_what_stands_further_in() {
    Answer answer = Answer.of("cache", "hello").withHeader("age", "3").withHeader("x", "y");
    Call call = admitted(new Watching("outer"), new Saying(answer), new Watching("inner"));

    assertThat(verdicts).containsExactly(answer);
    assertThat(seen).containsExactly("outer enters", "outer leaves OK");
    assertThat(call.outcome().answer()).isSameAs(answer);
    assertThat(call.outcome().isUnsent()).isTrue();
    assertThat(answer.headers()).containsExactly("age", "3", "x", "y");
    assertThat(call.isOver()).isTrue();
  }

  @Test
  void each_stage_sees_what_those_further_in_have_left() {
    Outcome lost = Outcome.of(Code.DATA_LOSS, "lost");
    Call call =
        admitted(
            new Watching("1"),
            new Replacing(Outcome.of(Code.ABORTED, "again")),
            new Watching("2"),
            new Replacing(lost),
            new Watching("3"));

    Outcome told = call.closing(Outcome.of(Code.UNAVAILABLE, "gone").unsent());
    assertThat(call.end(told)).isTrue();

    assertThat(told.code()).isEqualTo(Code.ABORTED);
    assertThat(told.isUnsent()).as("whatever is told, nothing was sent").isTrue();
    assertThat(seen)
        .filteredOn(line -> line.contains("leaves"))
        .containsExactly("3 leaves UNAVAILABLE", "2 leaves DATA_LOSS", "1 leaves ABORTED");
    assertThat(call.outcome()).isSameAs(told);
  }

  @Test
  void a_refusal_is_replaced_by_a_stage_further_out() {
    Answer answer = Answer.of("fallback", "instead");
    Refusal refusal = Refusal.of("breaker", Code.UNAVAILABLE, "open");
    Call call =
        admitted(
            new Watching("1"),
            new Replacing(Outcome.of(answer)),
            new Watching("2"),
            new Saying(refusal));

    assertThat(verdicts).containsExactly(refusal);
    assertThat(call.outcome().answer()).isSameAs(answer);
    assertThat(call.refusal()).isNull();
    assertThat(seen).endsWith("2 leaves UNAVAILABLE", "1 leaves OK");
  }

  @Test
  void nothing_is_answered_twice() {
    Call call = admitted(new Replacing(Outcome.of(Answer.of("fallback", "instead"))));
    call.delivered();
    Outcome own = Outcome.of(Code.UNAVAILABLE, "broke");
    assertThat(call.closing(own)).isSameAs(own);
  }

  @Test
  void what_throws_changes_nothing() {
    Stage broken =
        new Stage() {
          @Override
          public Verdict enter(Call call) {
            throw new StackOverflowError("broken");
          }

          @Override
          public Outcome replace(Call call, Outcome outcome) {
            throw new IllegalStateException("broken");
          }

          @Override
          public boolean replacesOutcomes() {
            return true;
          }

          @Override
          public void leave(Call call) {
            throw new NoSuchMethodError("broken");
          }
        };
    Call call = admitted(new Watching("outer"), broken, new Watching("inner"));
    Outcome own = Outcome.of(Code.UNAVAILABLE, "broke");
    assertThat(call.closing(own)).isSameAs(own);
    assertThat(call.end(own)).isTrue();
    assertThat(seen).endsWith("inner leaves UNAVAILABLE", "outer leaves UNAVAILABLE");
    assertThat(agent.failures).hasValue(3);
  }

  @Test
  void follows_to_its_end_what_was_in_force_when_it_was_made() {
    CallPlan plan = new CallPlan(Side.CLIENT, "a.B/C", null);
    plan.install(new Stage[] {new Watching("old")}, 5);
    Call call = agent.call(plan);
    plan.install(new Stage[] {new Watching("new"), new Delay(LONG)}, 7);

    assertThat(call.admit()).isNull();
    call.end(Outcome.OK);

    assertThat(seen).containsExactly("old enters", "old leaves OK");
    assertThat(call.pipeline().timeoutNanos()).isEqualTo(5);
    assertThat(plan.pipeline().timeoutNanos()).isEqualTo(7);
  }

  /** Writes down what it is told. */
  private final class Watching implements Stage {
    private final String name;

    Watching(String name) {
      this.name = name;
    }

    @Override
    public Verdict enter(Call call) {
      seen.add(name + " enters");
      return null;
    }

    @Override
    public void leave(Call call) {
      seen.add(name + " leaves " + call.code());
    }
  }

  /** Has a call wait once. */
  private class Delay implements Stage {
    private final Duration time;

    Delay(Duration time) {
      this.time = time;
    }

    void wait(Call call) {
      Runnable unused = call.after(time.toNanos(), call::resume);
    }

    @Override
    public boolean keepsState() {
      return true;
    }

    @Override
    public Verdict enter(Call call) {
      if (call.kept(this) != null) {
        return null;
      }
      call.keep(this, time);
      wait(call);
      return Wait.on("the delay");
    }

    @Override
    public void abandoned(Call call) {
      seen.add("abandoned");
    }

    @Override
    public void leave(Call call) {}
  }

  private record Saying(Verdict word) implements Stage {
    @Override
    public Verdict enter(Call call) {
      return word;
    }

    @Override
    public void leave(Call call) {
      throw new AssertionError("it took nothing");
    }
  }

  private record Replacing(Outcome by) implements Stage {
    @Override
    public Verdict enter(Call call) {
      return null;
    }

    @Override
    public boolean replacesOutcomes() {
      return true;
    }

    @Override
    public Outcome replace(Call call, Outcome outcome) {
      return by;
    }

    @Override
    public void leave(Call call) {}
  }
}
