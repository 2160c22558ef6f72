package io.meshagent.core.policy.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.call.Verdict;
import io.meshagent.core.call.Wait;
import io.meshagent.core.policy.PlanCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every place is given back once, whatever ends the call that has it or waits for it. */
class ConcurrencyReleaseTest extends OfferedCalls {

  static List<Row> ends() {
    List<Row> rows = new ArrayList<>();
    for (String limit : new String[] {"1", "adaptive"}) {
      for (Side side : Side.values()) {
        for (MethodKind kind : MethodKind.values()) {
          for (Code code : Code.values()) {
            if (!(kind.isStreaming() && limit.equals("adaptive"))) {
              rows.add(new Row(limit, side, kind, code));
            }
          }
        }
      }
    }
    return rows;
  }

  record Row(String limit, Side side, MethodKind kind, Code code) {}

  @ParameterizedTest
  @MethodSource("ends")
  void whatever_ends_a_call_its_place_comes_back_once(Row row) {
    String key = row.side == Side.CLIENT ? "client" : "server";
    CallPlan plan =
        plan(
            key
                + ".concurrency.limit="
                + row.limit
                + "\nclient.breaker.enabled=false\n"
                + key
                + ".concurrency.queue=5",
            row.side,
            row.kind);
    List<Offered> in = new ArrayList<>();
    Offered waits = offer(plan);
    // A limit that holds nobody up has no end.
    while (!waits.waits() && in.size() < 1_000) {
      in.add(waits);
      waits = offer(plan);
    }
    Offered abandoned = offer(plan);
    int full = limit().places().most();
    assertThat(in).hasSize(full);

    // One that waits; one that is in; the one that gets its place; and all of it twice.
    for (Offered each : List.of(abandoned, in.get(0), waits)) {
      assertThat(each.call.end(row.code, "test")).isTrue();
      assertThat(each.call.end(Code.CANCELLED, "again")).isFalse();
    }
    in.subList(1, full).forEach(each -> each.call.end(row.code, "test"));

    assertThat(limit().places().taken()).isZero();
    assertThat(limit().waiting()).isZero();
    assertThat(mesh.failures).hasValue(0);
  }

  @Test
  void a_refusal_further_in_and_what_is_thrown_there_give_it_back() {
    for (Stage inner : new Stage[] {refusing(), throwing()}) {
      CallPlan plan = plan("server.concurrency.limit=1\nserver.concurrency.queue=1");
      CallPlan both = new CallPlan(Side.SERVER, "a.B/C", null);
      Stage own = new ConcurrencyStage(limit(), false);
      both.install(new Stage[] {own, inner}, 0);
      Offered first = offer(plan);
      Offered second = offer(both);
      assertThat(second.waits()).isTrue();
      first.call.end(Outcome.OK);
      boolean unused = second.call.end(Outcome.OK);
      assertThat(limit().places().taken()).isZero();
    }
  }

  private static Stage refusing() {
    return new Stage() {
      @Override
      public Verdict enter(Call call) {
        return Refusal.of("test", Code.ABORTED, "no");
      }

      @Override
      public void leave(Call call) {}
    };
  }

  private static Stage throwing() {
    return new Stage() {
      @Override
      public Verdict enter(Call call) {
        throw new StackOverflowError("test");
      }

      @Override
      public void leave(Call call) {
        throw new IllegalStateException("test");
      }
    };
  }

  @Test
  void an_error_while_it_queues_lets_the_call_go_and_leaves_nothing_behind() {
    mesh.poor = true;
    compiler =
        new PlanCompiler(
            settings("server.concurrency.limit=1\nserver.concurrency.queue=9"),
            null,
            mesh,
            name -> null);
    CallPlan plan = compiler.plan(Side.SERVER, "a.B/C", MethodKind.UNARY);
    Call first = mesh.patientCall(plan);
    Call second = mesh.patientCall(plan);
    assertThat(first.admit()).isNull();
    assertThat(second.admit()).as("as without the stage").isNull();
    assertThat(mesh.failures).hasValue(1);

    first.end(Outcome.OK);
    second.end(Outcome.OK);

    assertThat(limit().waiting()).isZero();
    assertThat(limit().places().taken()).isZero();
  }

  @Test
  void ten_thousand_that_end_as_soon_as_they_are_let_in_do_not_end_one_inside_the_other() {
    CallPlan plan =
        plan(
            "server.concurrency.limit=1\nserver.concurrency.queue=100000\n"
                + "server.concurrency.queue-timeout=1m");
    Offered first = offer(plan);
    AtomicInteger good = new AtomicInteger();
    AtomicInteger depth = new AtomicInteger();
    AtomicInteger deepest = new AtomicInteger();
    for (int i = 0; i < 10_000; i++) {
      Call call = mesh.patientCall(plan);
      TestAgent.admit(
          call,
          verdict -> {
            if (verdict == null) {
              deepest.accumulateAndGet(depth.incrementAndGet(), Math::max);
              call.end(Outcome.OK);
              good.incrementAndGet();
              depth.decrementAndGet();
            }
          });
    }
    assertThat(limit().waiting()).isEqualTo(10_000);

    first.call.end(Outcome.OK);

    assertThat(good).hasValue(10_000);
    assertThat(deepest).hasValue(1);
    assertThat(limit().places().taken()).isZero();
  }

  @Test
  void many_threads_never_exceed_the_limit_and_leave_nothing_behind() throws Exception {
    CallPlan plan =
        plan(
            "server.concurrency.limit=3\nserver.concurrency.queue=8\n"
                + "server.concurrency.queue-timeout=1m");
    AtomicInteger in = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> work = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        Random random = new Random(t);
        work.add(
            threads.submit(
                () -> {
                  List<Call> open = new ArrayList<>();
                  for (int i = 0; i < 50_000; i++) {
                    if (random.nextInt(5) < 2) {
                      Call call = mesh.patientCall(plan);
                      admit(call, in, most);
                      open.add(call);
                    } else if (!open.isEmpty()) {
                      end(open.remove(random.nextInt(open.size())), in, ended);
                    }
                  }
                  open.forEach(call -> end(call, in, ended));
                }));
      }
      for (Future<?> each : work) {
        each.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(most.get()).isBetween(1, 3);
    assertThat(limit().places().taken()).isZero();
    assertThat(limit().waiting()).isZero();
    assertThat(mesh.failures).hasValue(0);
  }

  /** As adapters do: who is resumed is asked again, never beside its end. */
  private static void admit(Call call, AtomicInteger in, AtomicInteger most) {
    synchronized (call) {
      if (call.isOver()) {
        return;
      }
      Verdict verdict = call.admit();
      if (verdict instanceof Wait) {
        call.park(() -> admit(call, in, most));
      } else if (verdict == null) {
        call.traceContext = call;
        most.accumulateAndGet(in.incrementAndGet(), Math::max);
      }
    }
  }

  private static void end(Call call, AtomicInteger in, AtomicInteger ended) {
    synchronized (call) {
      if (call.traceContext != null) {
        in.decrementAndGet();
      }
      if (call.end(Outcome.OK)) {
        ended.incrementAndGet();
      }
    }
  }
}
