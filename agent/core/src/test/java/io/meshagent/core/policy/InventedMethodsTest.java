package io.meshagent.core.policy;

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
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.TestSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Callers may name any method: what is kept is bounded, and what the program really uses is in. */
class InventedMethodsTest {

  private static final int UNPROVEN = 100;

  private final TestAgent mesh = new TestAgent();
  private final Map<String, Integer> held = new TreeMap<>();
  private final List<String> letGo = new ArrayList<>();
  private String registered = "";

  private PlanCompiler compiler(String settings, Observers observers) {
    Settings parsed = TestSettings.loadText("test", settings);
    assertThat(parsed.problems()).isEmpty();
    return new PlanCompiler(parsed, observers, mesh, new Recorded());
  }

  private PlanCompiler filled(String settings) {
    PlanCompiler compiler = compiler(settings, new Recorder());
    for (Side side : Side.values()) {
      for (int i = 0; i < UNPROVEN; i++) {
        assertThat(compiler.plan(side, "made.Up" + i + "/X", MethodKind.UNARY).isKept()).isTrue();
      }
    }
    return compiler;
  }

  private void end(CallPlan plan, Code code) {
    Call call = mesh.call(plan);
    assertThat(call.admit()).isNull();
    call.end(code, null);
  }

  @Test
  void of_names_that_nobody_answers_a_few_are_kept() {
    PlanCompiler compiler = filled("");
    for (int i = 0; i < 10_000; i++) {
      CallPlan plan = compiler.plan(Side.CLIENT, "more.Of" + i + "/X", MethodKind.UNARY);
      assertThat(plan.isKept()).isFalse();
      assertThat(plan.method()).isEqualTo("more.Of" + i + "/X");
      end(plan, Code.UNIMPLEMENTED);
    }
    assertThat(TestPolicies.breakers(compiler).states()).hasSize(UNPROVEN);
    assertThat(held).hasSize(UNPROVEN);
  }

  @Test
  void a_method_that_is_answered_is_kept_and_one_that_fails_is_not() {
    PlanCompiler compiler = filled("");
    for (Side side : Side.values()) {
      end(compiler.plan(side, "a.B/Never", MethodKind.UNARY), Code.UNIMPLEMENTED);
      end(compiler.plan(side, "a.B/Never", MethodKind.UNARY), Code.UNAVAILABLE);
      assertThat(compiler.plan(side, "a.B/Never", MethodKind.UNARY).isKept()).isFalse();

      end(compiler.plan(side, "a.B/Ok", MethodKind.UNARY), Code.OK);
      CallPlan kept = compiler.plan(side, "a.B/Ok", MethodKind.UNARY);
      assertThat(kept.isKept()).isTrue();
      assertThat(compiler.plan(side, "a.B/Ok", MethodKind.UNARY)).isSameAs(kept);
    }
    Call stream = mesh.call(compiler.plan(Side.CLIENT, "a.B/Stream", MethodKind.BIDI_STREAMING));
    stream.admit();
    stream.responded();
    assertThat(compiler.plan(Side.CLIENT, "a.B/Stream", MethodKind.BIDI_STREAMING).isKept())
        .as("a stream proves its method before it ends")
        .isTrue();
    stream.end(Code.UNAVAILABLE, null);
    assertThat(TestPolicies.breakers(compiler).states()).containsKeys("a.B/Ok", "a.B/Stream");
  }

  @Test
  void what_is_answered_makes_room_for_another() {
    PlanCompiler compiler = filled("");
    end(compiler.plan(Side.CLIENT, "made.Up0/X", MethodKind.UNARY), Code.OK);
    assertThat(compiler.plan(Side.CLIENT, "a.B/Next", MethodKind.UNARY).isKept()).isTrue();
    assertThat(compiler.plan(Side.CLIENT, "a.B/AfterNext", MethodKind.UNARY).isKept()).isFalse();
  }

  @Test
  void the_methods_of_a_listed_service_are_kept_whatever_was_asked_before() {
    PlanCompiler compiler = filled("");
    compiler.hosts(List.of("own.Service/A"));
    assertThat(compiler.plan(Side.SERVER, "own.Service/A", MethodKind.UNARY).isKept()).isTrue();
    assertThat(compiler.plan(Side.SERVER, "own.Service/Invented", MethodKind.UNARY).isKept())
        .isFalse();
  }

  @Test
  void servers_that_answer_to_any_name_don_t_fill_the_memory_and_registered_services_have_room() {
    PlanCompiler compiler = compiler("", new Recorder());
    for (int i = 0; i < 1_500; i++) {
      end(compiler.plan(Side.CLIENT, "any.Thing" + i + "/X", MethodKind.UNARY), Code.OK);
    }
    assertThat(TestPolicies.breakers(compiler).states()).hasSize(1_000 + UNPROVEN);
    end(compiler.plan(Side.CLIENT, "too.Late/X", MethodKind.UNARY), Code.OK);
    assertThat(compiler.plan(Side.CLIENT, "too.Late/X", MethodKind.UNARY).isKept()).isFalse();

    registered = "in.Directory";
    end(compiler.plan(Side.CLIENT, "in.Directory/X", MethodKind.UNARY), Code.OK);
    assertThat(compiler.plan(Side.CLIENT, "in.Directory/X", MethodKind.UNARY).isKept()).isTrue();
  }

  @Test
  void what_nobody_answered_and_nobody_uses_goes_when_another_needs_the_room() {
    PlanCompiler compiler = filled("");
    CallPlan old = compiler.plan(Side.CLIENT, "made.Up0/X", MethodKind.UNARY);
    Call open = mesh.call(compiler.plan(Side.CLIENT, "made.Up1/X", MethodKind.UNARY));
    open.admit();
    mesh.pass(Duration.ofSeconds(59));
    end(compiler.plan(Side.CLIENT, "made.Up2/X", MethodKind.UNARY), Code.UNIMPLEMENTED);
    assertThat(compiler.plan(Side.CLIENT, "a.B/Early", MethodKind.UNARY).isKept()).isFalse();

    mesh.pass(Duration.ofSeconds(2));
    CallPlan next = compiler.plan(Side.CLIENT, "a.B/Next", MethodKind.UNARY);

    assertThat(next.isKept()).isTrue();
    assertThat(old.isKept()).isFalse();
    assertThat(letGo).hasSize(UNPROVEN - 2).contains("CLIENT made.Up0/X");
    assertThat(TestPolicies.breakers(compiler).states())
        .containsOnlyKeys("made.Up1/X", "made.Up2/X", "a.B/Next");
    assertThat(held).containsOnlyKeys("made.Up1", "made.Up2", "a.B");
    assertThat(compiler.plan(Side.CLIENT, "made.Up0/X", MethodKind.UNARY)).isNotSameAs(old);
  }

  @Test
  void limits_and_timeouts_hold_for_what_is_not_kept() {
    PlanCompiler compiler = filled("client.timeout@made.*=3s\nserver.rate-limit.rate@made.*=1/h");
    assertThat(
            compiler.plan(Side.CLIENT, "made.More/X", MethodKind.UNARY).pipeline().timeoutNanos())
        .isEqualTo(Duration.ofSeconds(3).toNanos());
    end(compiler.plan(Side.SERVER, "made.More/X", MethodKind.UNARY), Code.UNIMPLEMENTED);
    assertThat(mesh.call(compiler.plan(Side.SERVER, "made.Other/X", MethodKind.UNARY)).admit())
        .as("one bucket for all that the pattern names")
        .isNotNull();
  }

  @Test
  void a_plan_whose_making_hangs_holds_up_no_other() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    PlanCompiler compiler =
        compiler(
            "",
            new Recorder() {
              @Override
              public Stage metrics(Side side, String method) {
                if (method.equals("a.B/Slow")) {
                  hanging.countDown();
                  await(release);
                }
                return null;
              }
            });
    CompletableFuture<CallPlan> slow =
        CompletableFuture.supplyAsync(
            () -> compiler.plan(Side.CLIENT, "a.B/Slow", MethodKind.UNARY));
    await(hanging);
    assertThat(
            CompletableFuture.supplyAsync(
                    () -> compiler.plan(Side.CLIENT, "a.B/Quick", MethodKind.UNARY))
                .get(10, TimeUnit.SECONDS)
                .isKept())
        .isTrue();
    release.countDown();
    assertThat(slow.get(10, TimeUnit.SECONDS).isKept()).isTrue();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private class Recorder implements Observers {
    @Override
    public Stage metrics(Side side, String method) {
      return null;
    }

    @Override
    public Stage trace(Side side, String method) {
      return null;
    }

    @Override
    public void letGo(Side side, String method) {
      letGo.add(side + " " + method);
    }
  }

  /** A directory in which one service is registered at most. */
  private final class Recorded implements Services {
    @Override
    public Service hold(String name) {
      held.merge(name, 1, Integer::sum);
      return new Named(name);
    }

    @Override
    public void letGo(Service service) {
      held.computeIfPresent(service.name(), (name, count) -> count == 1 ? null : count - 1);
    }

    @Override
    public Service find(String name) {
      return new Named(name);
    }
  }

  private final class Named implements Service {
    private final String name;

    Named(String name) {
      this.name = name;
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
      return name.equals(registered)
          ? LiveEndpoints.of(
              List.of(
                  new Instance(
                      "127.0.0.1",
                      1,
                      new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                      Map.of())))
          : Endpoints.ABSENT;
    }

    @Override
    public void watch(Watcher watcher) {}

    @Override
    public void unwatch(Watcher watcher) {}
  }
}
