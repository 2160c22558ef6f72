package io.meshagent.grpc.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.MethodDescriptor;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.CallPlan;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class MethodPlansTest {

  private final List<String> asked = new CopyOnWriteArrayList<>();

  private MethodPlans plans(Function<String, CallPlan> engine) {
    return new MethodPlans(
        (side, method, kind) -> {
          asked.add(method);
          return engine.apply(method);
        });
  }

  private static MethodDescriptor<String, String> method(String name) {
    return TestMethods.unary(name);
  }

  @Test
  void asks_once_for_a_plan_that_is_kept_and_again_when_it_is_let_go() {
    MethodPlans plans = plans(name -> new CallPlan(Side.CLIENT, name, null));
    MethodDescriptor<String, String> method = method("a.B/C");
    CallPlan plan = plans.client(method);
    assertThat(plans.client(method)).isSameAs(plan);
    assertThat(asked).hasSize(1);

    plan.letGo();
    CallPlan next = plans.client(method);
    assertThat(next).isNotSameAs(plan);
    assertThat(plans.client(method)).isSameAs(next);
    assertThat(asked).hasSize(2);
  }

  @Test
  void asks_each_time_for_one_that_is_not_kept_and_once_for_what_is_left_alone() {
    MethodPlans plans =
        plans(
            name -> name.startsWith("etcd") ? null : CallPlan.forOneCall(Side.SERVER, name, null));
    MethodDescriptor<String, String> method = method("a.B/C");
    assertThat(plans.server(method)).isNotSameAs(plans.server(method));
    MethodDescriptor<String, String> alone = method("etcd/C");
    assertThat(plans.server(alone)).isNull();
    assertThat(plans.server(alone)).isNull();
    assertThat(asked).containsExactly("a.B/C", "a.B/C", "etcd/C");
  }

  @Test
  void a_plan_whose_making_hangs_holds_up_no_other() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    MethodPlans plans =
        plans(
            name -> {
              if (name.equals("a.B/Slow")) {
                hanging.countDown();
                await(release);
              }
              return new CallPlan(Side.CLIENT, name, null);
            });
    CompletableFuture<CallPlan> slow =
        CompletableFuture.supplyAsync(() -> plans.client(method("a.B/Slow")));
    await(hanging);
    assertThat(
            CompletableFuture.supplyAsync(() -> plans.client(method("a.B/Quick")))
                .get(10, TimeUnit.SECONDS))
        .isNotNull();
    release.countDown();
    assertThat(slow.get(10, TimeUnit.SECONDS)).isNotNull();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
