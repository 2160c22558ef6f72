package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Metrics;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.World;
import io.meshagent.it.programs.Gateway;
import io.meshagent.it.tools.ring.LongForm;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A gateway hands on what its callers ask for, and they ask for whatever comes to their minds. */
class InventedNamesIT {

  private static final String HELLO = "helloworld.Greeter/SayHello";
  private static final String OWN = "gateway.Own/SayHello";
  private static final int NAMES = Scenario.many(6_000);
  private static final long MEGABYTE = 1 << 20;

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);
  private final Jvm backend = world.flakyServer("backend").withoutAgent().start();
  private final int backendPort = backend.awaitPort();
  private final Jvm caller = world.loadClient().withoutAgent().start();

  private JvmBuilder gateway() {
    return world.program("gateway", Gateway.class).args("next=localhost:" + backendPort);
  }

  private static String over(Jvm gateway) {
    return " channel=target:localhost:" + gateway.awaitPort();
  }

  @Test
  void what_nobody_answers_leaves_nothing_and_what_is_answered_is_governed() {
    Jvm gateway = gateway().mesh("client.breaker.open-for", "30s").start();
    String over = over(gateway);
    invent("warm.Up", 500, over);
    long before = heap(gateway);
    invent("made.up.S", NAMES, over);
    // What is the gateway's own comes only now, and is known by its names all the same.
    assertThat(caller.load("calls n=50" + over).okBy()).containsOnlyKeys("backend");
    assertThat(caller.load("calls n=50 service=gateway.Own" + over).okBy())
        .containsOnlyKeys("gateway");

    Metrics page = gateway.metrics();
    assertThat(page.sum("grpc_server_call_started_total", "grpc_method", OWN)).isEqualTo(50);
    for (String side : List.of("client", "server")) {
      String started = "grpc_" + side + "_call_started_total";
      assertThat(page.sum(started, "grpc_method", HELLO))
          .as("all but those before the first answer, " + side)
          .isBetween(40.0, 50.0);
      assertThat(page.all(started)).as("names on the page, " + side).hasSizeLessThan(120);
      assertThat(page.sum(started, "grpc_method", "other"))
          .as("and all are counted, " + side)
          .isGreaterThan(NAMES - 200);
    }
    assertThat(page.sum("mesh_breaker_state", "grpc_method", HELLO, "state", "closed")).isOne();
    assertThat(page.all("mesh_breaker_state", "state", "closed")).hasSizeLessThan(120);
    assertThat(page.text().length()).as("bytes of the page").isLessThan(700_000);
    assertThat(heap(gateway) - before)
        .as(() -> gateway.described("bytes that remain of " + NAMES + " names"))
        .isLessThan(3 * MEGABYTE);

    // A service that nobody had is found as soon as somebody has it.
    world.flakyServer("late", "services=made.up.S7").start().awaitPort();
    // Beside the gateway's own.
    gateway.awaitDirectory(2);
    LoadResult late = caller.load("calls n=20 service=made.up.S7" + over);
    assertThat(late.okBy()).as(() -> gateway.described(late.toString())).containsOnlyKeys("late");

    backend.ask("fail 100");
    LoadResult failing = caller.load("calls n=60 threads=1" + over);
    assertThat(failing.failures("circuit open for " + HELLO))
        .as(() -> gateway.described(failing.toString()))
        .isPositive();
    invent("others", 20, over);
  }

  /** Many times what a gateway sees in a day, beside calls that have to be as quick as ever. */
  @Test
  @LongForm
  void sixty_thousand_names_cost_no_more_than_without_the_agent() {
    Cost plain = cost(gateway().withoutAgent().start());
    Cost control = cost(gateway().withoutAgent().start());
    Cost governed = cost(gateway().start());
    Scenario.of("60,000 invented names at 500/s beside 100 good calls/s")
        .saw("no agent: " + plain + "; control: " + control + "; agent: " + governed);

    assertThat(governed.heap() - plain.heap()).as("bytes more").isLessThan(10 * MEGABYTE);
    assertThat(governed.p99Micros())
        .as("a good call's 99th percentile, " + plain + ", " + governed)
        .isLessThan(Math.max(2 * Math.max(plain.p99Micros(), control.p99Micros()), 10_000));
    assertThat(governed.lastCpuMicros())
        .as("CPU per call grows: " + governed)
        .isLessThan(2 * governed.firstCpuMicros());
  }

  /** What a gateway used; the CPU by call of the second and the last quarter of the names. */
  private record Cost(long heap, long p99Micros, long firstCpuMicros, long lastCpuMicros) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%.1f MB of heap, p99 %.1f ms, CPU per call %d and %d us",
          heap / (double) MEGABYTE,
          p99Micros / 1e3,
          firstCpuMicros,
          lastCpuMicros);
    }
  }

  private Cost cost(Jvm gateway) {
    String over = over(gateway);
    try (Jvm good = world.loadClient().withoutAgent().start()) {
      assertThat(good.load("calls n=2000" + over).okBy()).containsOnlyKeys("backend");
      String unused = good.ask("begin rate=100" + over);
      long[] cpu = new long[5];
      for (int quarter = 0; quarter < 4; quarter++) {
        cpu[quarter] = Long.parseLong(gateway.ask("cpu"));
        invent("made.up.in" + quarter + ".S", 15_000, " rate=500" + over);
      }
      cpu[4] = Long.parseLong(gateway.ask("cpu"));
      LoadResult result = good.load("end");
      assertThat(result.failed()).as(() -> gateway.described("good calls")).isEmpty();
      // The good calls are a sixth of all, in every quarter.
      return new Cost(
          heap(gateway),
          result.okP99Micros(),
          (cpu[2] - cpu[1]) * 1_000 / 18_000,
          (cpu[4] - cpu[3]) * 1_000 / 18_000);
    } finally {
      gateway.close();
    }
  }

  private void invent(String beginning, int names, String over) {
    LoadResult result =
        caller.load("calls threads=8 deadline=60000 n=" + names + " invented=" + beginning + over);
    assertThat(result.failures("UNIMPLEMENTED"))
        .as(() -> "what the backend says of " + beginning + ": " + result)
        .isEqualTo(names);
  }

  private static long heap(Jvm gateway) {
    return Long.parseLong(gateway.ask("heap"));
  }
}
