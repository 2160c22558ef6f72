package io.meshagent.core.policy.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Wait;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.policy.PlanCompiler;
import io.meshagent.core.policy.TestPolicies;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** So many calls at once and no more, and a queue before them. */
class ConcurrencyStageTest extends OfferedCalls {

  private static final String TWO_AND_A_QUEUE =
      """
      server.concurrency.limit@a.B=2
      server.concurrency.queue@a.B=3
      server.concurrency.queue-timeout@a.B=500ms
      """;

  @ParameterizedTest
  @CsvSource({"CLIENT,UNARY", "CLIENT,BIDI_STREAMING", "SERVER,UNARY", "SERVER,BIDI_STREAMING"})
  void lets_so_many_in_and_refuses_the_others_by_name(Side side, MethodKind kind) {
    String key = side == Side.CLIENT ? "client" : "server";
    CallPlan plan = plan(key + ".concurrency.limit@a.B=10", side, kind);

    List<Offered> all = offer(plan, 100);

    assertThat(all.subList(0, 10)).allMatch(Offered::isIn);
    assertThat(all.subList(10, 100))
        .extracting(Offered::refusal)
        .containsOnly(
            "RESOURCE_EXHAUSTED mesh-agent: 10 calls are under way, and more may not be ("
                + key
                + ".concurrency.limit@a.B)");
    all.forEach(each -> each.call.end(Outcome.OK));
    assertThat(limit().places().taken()).isZero();
    assertThat(offer(plan).isIn()).isTrue();
  }

  @Test
  void the_others_wait_in_their_order_for_the_places_that_come_free() {
    CallPlan plan = plan(TWO_AND_A_QUEUE);
    List<Offered> all = offer(plan, 6);
    assertThat(all.subList(2, 5)).allMatch(Offered::waits);
    assertThat(((Wait) all.get(2).last()).reason())
        .isEqualTo("a place (mesh-agent: server.concurrency.limit@a.B)");
    assertThat(all.get(5).refusal()).endsWith("(server.concurrency.limit@a.B), and 3 wait");

    all.get(1).call.end(Outcome.OK);

    assertThat(all.get(2).isIn()).isTrue();
    assertThat(all.subList(3, 5)).allMatch(Offered::waits);
    assertThat(offer(plan).waits()).as("there is room in the queue again").isTrue();
    all.get(0).call.end(Outcome.OK);
    assertThat(all.get(3).isIn()).isTrue();
    assertThat(limit().places().taken()).isEqualTo(2);
  }

  @Test
  void the_last_one_comes_first_when_the_queue_has_been_there_for_a_while() {
    CallPlan plan = plan(TWO_AND_A_QUEUE);
    List<Offered> all = offer(plan, 4);
    mesh.pass(Duration.ofMillis(101));
    Offered last = offer(plan);

    Offered one = offer(plan);
    assertThat(one.waits()).as("a full queue lets its eldest go").isTrue();
    assertThat(all.get(2).refusal())
        .endsWith(
            "(server.concurrency.limit@a.B), and a younger one took its place in the full queue");

    all.get(0).call.end(Outcome.OK);
    assertThat(one.isIn()).isTrue();
    all.get(1).call.end(Outcome.OK);
    assertThat(last.isIn()).isTrue();
    one.call.end(Outcome.OK);
    assertThat(all.get(3).isIn()).isTrue();

    List<Offered> more = offer(plan, 2);
    last.call.end(Outcome.OK);
    assertThat(more.get(0).isIn()).as("the queue was empty: first in, first out").isTrue();
  }

  @Test
  void who_waits_for_too_long_is_refused_and_who_is_cancelled_leaves_at_once() {
    CallPlan plan = plan(TWO_AND_A_QUEUE);
    List<Offered> all = offer(plan, 4);
    mesh.pass(Duration.ofMillis(90));
    Offered younger = offer(plan);

    assertThat(all.get(3).call.end(Code.DEADLINE_EXCEEDED, null)).isTrue();
    assertThat(limit().waiting()).isEqualTo(2);
    mesh.pass(Duration.ofMillis(411));

    assertThat(all.get(2).refusal()).endsWith("and this one waited for 500 ms");
    assertThat(younger.waits()).isTrue();
    assertThat(all.get(3).told).hasSize(1);
    mesh.pass(Duration.ofMillis(90));
    assertThat(younger.refusal()).endsWith("and this one waited for 500 ms");
    assertThat(limit().waiting()).isZero();
    assertThat(limit().places().taken()).isEqualTo(2);
  }

  @Test
  void who_can_not_wait_is_refused() {
    CallPlan plan = plan(TWO_AND_A_QUEUE);
    List<Offered> in = offer(plan, 2);
    assertThat(in).allMatch(Offered::isIn);

    assertThat(new Offered(mesh.call(plan)).refusal()).startsWith("RESOURCE_EXHAUSTED");

    Offered waits = offer(plan);
    waits.call.waitedEnough();
    // The adapter keeps no more of it, and asks again.
    assertThat(waits.call.admit()).isInstanceOf(Refusal.class);
    assertThat(limit().waiting()).isZero();
  }

  @Test
  void a_change_lets_in_who_waits_or_leaves_them_waiting() {
    CallPlan plan = plan(TWO_AND_A_QUEUE);
    List<Offered> all = offer(plan, 5);

    compiler.recompile(settings(TWO_AND_A_QUEUE.replace("limit@a.B=2", "limit@a.B=1")));
    mesh.pass(Duration.ofMillis(1));
    all.get(0).call.end(Outcome.OK);
    assertThat(all.subList(2, 5))
        .as("there is one place, and it is taken")
        .allMatch(Offered::waits);

    compiler.recompile(settings(TWO_AND_A_QUEUE.replace("limit@a.B=2", "limit@a.B=3")));
    mesh.pass(Duration.ofMillis(1));
    assertThat(all.subList(2, 4)).allMatch(Offered::isIn);
    assertThat(all.get(4).waits()).isTrue();

    compiler.recompile(settings(""));
    mesh.pass(Duration.ofMillis(1));
    assertThat(all.get(4).isIn()).isTrue();
    assertThat(offer(plan, 100)).allMatch(Offered::isIn);
    assertThat(TestPolicies.concurrency(compiler).all()).isEmpty();
    all.forEach(each -> each.call.end(Outcome.OK));
  }

  @Test
  void a_shorter_wait_counts_for_those_who_wait_already() {
    CallPlan plan = plan(TWO_AND_A_QUEUE);
    List<Offered> all = offer(plan, 3);
    mesh.pass(Duration.ofMillis(50));
    compiler.recompile(settings(TWO_AND_A_QUEUE.replace("500ms", "40ms")));
    mesh.pass(Duration.ofMillis(1));
    assertThat(all.get(2).refusal()).endsWith("waited for 40 ms");
  }

  @Test
  void limits_are_shared_by_the_setting_that_they_belong_to() {
    compiler =
        new PlanCompiler(
            settings(
                """
                server.concurrency.limit=1
                server.concurrency.limit@a.B=1
                server.concurrency.limit@a.B/Own=1
                server.concurrency.limit@free.*=off
                """),
            null,
            mesh,
            name -> null);
    String[] in = {"x.Y/M", "a.B/M", "a.B/Own", "free.A/M", "free.A/M"};
    String[] out = {"x.Z/M", "a.B/N", "a.B/Own"};
    for (String method : in) {
      assertThat(offer(compiler.plan(Side.SERVER, method, MethodKind.UNARY)).isIn())
          .as(method)
          .isTrue();
    }
    for (String method : out) {
      assertThat(offer(compiler.plan(Side.SERVER, method, MethodKind.UNARY)).isIn())
          .as(method)
          .isFalse();
    }
    assertThat(TestPolicies.concurrency(compiler).facts())
        .hasToString(
            "{concurrency={server.concurrency.limit=1 of 1, 0 waiting,"
                + " server.concurrency.limit@a.B=1 of 1, 0 waiting,"
                + " server.concurrency.limit@a.B/Own=1 of 1, 0 waiting}}");
  }

  @Test
  void a_bad_limit_is_refused_with_what_is_good() {
    var parsed =
        TestSettings.loadText(
            "test", "server.concurrency.limit=many\nclient.concurrency.queue=-1\n");
    assertThat(parsed.problems())
        .extracting(Object::toString)
        .anyMatch(
            line ->
                line.contains("many")
                    && line.contains("is not a number of calls from 1 to 1000000, adaptive, off"))
        .hasSize(2);
    assertThat(Arrays.asList("off", "adaptive", "7", "1000000"))
        .allMatch(text -> Limit.type().parse(text).value().toString().equals(text));
  }
}
