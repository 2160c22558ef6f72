package io.meshagent.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.policy.base.PlannedMethod;
import io.meshagent.core.policy.breaker.BreakerStage;
import io.meshagent.core.policy.ratelimit.RateLimitStage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pipeline took it gives back exactly once, whatever its stages and its calls do. */
class PipelineReleaseTest {

  private static final String METHOD = "a.B/C";
  private static final Code[] CODES = Code.values();
  private static final Settings SETTINGS =
      TestSettings.loadText(
          "test",
          """
          client.breaker.open-for=100ms
          client.breaker.window=1s
          client.rate-limit.rate=1000/s
          """);

  private final TestAgent mesh = new TestAgent();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final PlanCompiler compiler = new PlanCompiler(SETTINGS, null, mesh, name -> null);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void nothing_is_held_after_any_sequence_of_calls(long seed) {
    Random random = new Random(seed);
    CallPlan plan = compiler.plan(Side.CLIENT, METHOD, MethodKind.BIDI_STREAMING);
    BreakerStage breaker = breaker();
    plan.install(
        new Stage[] {
          new Counting(),
          new Moody(random),
          limit(),
          new Counting(),
          breaker,
          new Moody(random),
          new Counting()
        },
        0);
    List<Call> open = new ArrayList<>();
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      mesh.pass(Duration.ofMillis(random.nextInt(20)));
      switch (random.nextInt(3)) {
        case 0 -> {
          Call call = mesh.call(plan);
          if (call.admit() == null) {
            open.add(call);
          } else {
            refused++;
          }
        }
        case 1 -> {
          if (!open.isEmpty()) {
            open.get(random.nextInt(open.size())).responded();
          }
        }
        default -> {
          if (!open.isEmpty()) {
            Call call = open.remove(random.nextInt(open.size()));
            assertThat(call.end(CODES[random.nextInt(CODES.length)], null)).isTrue();
            assertThat(call.end(Code.CANCELLED, null)).isFalse();
            assertThat(call.kept(breaker)).isNull();
            call.responded();
          }
        }
      }
    }
    open.forEach(call -> call.end(Code.CANCELLED, null));

    assertThat(inFlight).hasValue(0);
    assertThat(mesh.failures.get()).isPositive();
    assertThat(refused).isPositive();
    assertAllProbesAreBack(breaker);
  }

  /** Opens the circuit and counts the probes that it then lets through. */
  private void assertAllProbesAreBack(BreakerStage breaker) {
    CallPlan bare = new CallPlan(Side.CLIENT, METHOD, null);
    bare.install(new Stage[] {breaker}, 0);
    mesh.pass(Duration.ofSeconds(60));
    // Closed from whatever state it is in, then opened.
    for (int i = 0; i < 10; i++) {
      Call call = mesh.call(bare);
      assertThat(call.admit()).isNull();
      call.end(Code.OK, null);
    }
    assertThat(state()).isEqualTo("CLOSED");
    mesh.pass(Duration.ofSeconds(60));
    for (int i = 0; i < 100 && state().equals("CLOSED"); i++) {
      Call call = mesh.call(bare);
      call.admit();
      call.end(Code.UNAVAILABLE, null);
    }
    assertThat(state()).as("after 100 failures").isEqualTo("OPEN");
    mesh.pass(Duration.ofMillis(101));
    int probes = 0;
    // One more than is right is enough to fail; a circuit that refuses nobody has no end.
    while (probes <= 5 && mesh.call(bare).admit() == null) {
      probes++;
    }
    assertThat(probes).as("calls let through to see, after it was open").isEqualTo(5);
  }

  private String state() {
    return TestPolicies.breakers(compiler).states().get(METHOD);
  }

  @Test
  void of_racing_ends_one_counts() throws Exception {
    CallPlan plan = compiler.plan(Side.CLIENT, METHOD, MethodKind.BIDI_STREAMING);
    plan.install(new Stage[] {new Counting(), breaker(), new Counting()}, 0);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int i = 0; i < 2_000; i++) {
        mesh.pass(Duration.ofMillis(1));
        Call call = mesh.call(plan);
        if (call.admit() != null) {
          continue;
        }
        CountDownLatch go = new CountDownLatch(1);
        List<Future<Boolean>> ends = new ArrayList<>();
        for (Code code : List.of(Code.CANCELLED, Code.UNAVAILABLE)) {
          ends.add(
              threads.submit(
                  () -> {
                    go.await();
                    return call.end(code, null);
                  }));
        }
        go.countDown();
        assertThat(ends.get(0).get(10, TimeUnit.SECONDS))
            .isNotEqualTo(ends.get(1).get(10, TimeUnit.SECONDS));
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(inFlight).hasValue(0);
  }

  @Test
  void many_threads_through_all_states_leave_nothing_behind() throws Exception {
    CallPlan plan = compiler.plan(Side.CLIENT, METHOD, MethodKind.BIDI_STREAMING);
    BreakerStage breaker = breaker();
    plan.install(new Stage[] {new Counting(), breaker, new Counting()}, 0);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> work = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        Random random = new Random(t);
        work.add(threads.submit(() -> manyCalls(plan, random)));
      }
      for (Future<?> one : work) {
        one.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(inFlight).hasValue(0);
    assertThat(mesh.failures).hasValue(0);
    assertAllProbesAreBack(breaker);
  }

  private void manyCalls(CallPlan plan, Random random) {
    for (int i = 0; i < 50_000; i++) {
      mesh.pass(Duration.ofMillis(random.nextInt(4)));
      Call call = mesh.call(plan);
      if (call.admit() == null) {
        if (random.nextBoolean()) {
          call.responded();
        }
        // Long bad spells and long good ones, so that the circuit goes through all its states.
        boolean bad = i / 500 % 2 == 0;
        Code end = random.nextInt(4) == 0 ? Code.CANCELLED : bad ? Code.UNAVAILABLE : Code.OK;
        call.end(end, null);
      }
    }
  }

  @Test
  void a_stage_that_throws_lets_the_call_go() {
    CallPlan plan = new CallPlan(Side.CLIENT, METHOD, null);
    Stage broken =
        new Stage() {
          @Override
          public Refusal enter(Call call) {
            throw new IllegalStateException("broken");
          }

          @Override
          public void leave(Call call) {
            throw new NoSuchMethodError("broken");
          }
        };
    plan.install(new Stage[] {new Counting(), broken, new Counting()}, 0);
    Call call = mesh.call(plan);

    assertThat(call.admit()).isNull();
    assertThat(inFlight).hasValue(2);
    assertThat(call.end(Code.OK, null)).isTrue();
    assertThat(inFlight).hasValue(0);
    assertThat(mesh.failures).hasValue(2);
  }

  private BreakerStage breaker() {
    PlannedMethod method =
        new PlannedMethod(Side.CLIENT, METHOD, MethodKind.BIDI_STREAMING, null, true);
    return (BreakerStage) TestPolicies.breakers(compiler).stage(method, SETTINGS);
  }

  private RateLimitStage limit() {
    return new RateLimitStage(
        TestPolicies.buckets(compiler).all().get(0), RateLimitStage.Pushback.EXACT);
  }

  /** Takes one on the way in, gives one back on the way out. */
  private final class Counting implements Stage {
    @Override
    public Refusal enter(Call call) {
      inFlight.incrementAndGet();
      return null;
    }

    @Override
    public void leave(Call call) {
      inFlight.decrementAndGet();
    }
  }

  /** Throws or refuses now and then. */
  private static final class Moody implements Stage {
    private final Random random;

    Moody(Random random) {
      this.random = random;
    }

    @Override
    public Refusal enter(Call call) {
      maybeThrow();
      return random.nextInt(20) == 0 ? Refusal.of("mood", Code.ABORTED, "no") : null;
    }

    @Override
    public void responded(Call call) {
      maybeThrow();
    }

    @Override
    public void leave(Call call) {
      maybeThrow();
    }

    private void maybeThrow() {
      if (random.nextInt(20) == 0) {
        throw new IllegalStateException("moody");
      }
    }
  }
}
