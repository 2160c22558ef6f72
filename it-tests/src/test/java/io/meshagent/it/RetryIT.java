package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Metrics;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Ring;
import io.meshagent.it.tools.ring.Thorough;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * gRPC sends a call again as the settings say, within a budget, and never on top of a program's.
 */
class RetryIT {

  private static final String GREETER = "helloworld.Greeter";
  private static final String METHOD = GREETER + "/SayHello";

  /** Whose retries would come much later than its calls' deadlines. */
  private static final String LATER = "later.Greeter";

  /** Retries are on in it, as they are in every channel from gRPC 1.40 on. */
  private static final String ENABLED = " channel=enabled:localhost:1";

  private static final String CALLS = "calls n=20 deadline=60000";

  @AutoClose private final World world = World.local();

  private final List<Jvm> servers = new ArrayList<>();

  static Stream<String> versions() {
    return Ring.rows(
        List.of(Classpaths.NEWEST), List.of(Classpaths.FLOOR, "1.32.3", "1.36.3", "1.45.4"));
  }

  private void servers(String grpc, String... names) {
    world.with(grpc, Runtime.version().feature());
    for (String name : names) {
      Jvm server = world.flakyServer(name, "services=" + GREETER + "," + LATER).start();
      server.awaitPort();
      servers.add(server);
    }
  }

  /** A client that has a connection to each of them, over a channel with retries. */
  private Jvm client(String... settings) {
    // Nobody else is to keep calls from those that fail.
    JvmBuilder client =
        world
            .loadClient()
            .mesh("client.breaker.enabled", "false")
            .mesh("client.balance", "round_robin")
            .mesh("client.ejection", "off");
    for (int i = 0; i < settings.length; i += 2) {
      client.mesh(settings[i], settings[i + 1]);
    }
    Jvm started = client.start();
    started.awaitInstances(2 * servers.size());
    LoadResult unused =
        started.awaitAnswersBy(names(), "calls n=60 threads=1 deadline=60000" + ENABLED);
    return started;
  }

  private Set<String> names() {
    return servers.size() == 3 ? Set.of("a", "b", "c") : Set.of("a");
  }

  private void all(String command) {
    servers.forEach(server -> server.ask(command));
  }

  private double attempts() {
    return servers.stream()
        .mapToDouble(server -> server.metrics().sum("grpc_server_call_started_total"))
        .sum();
  }

  private static double counted(Jvm client, String metric) {
    return client.metrics().sum(metric, "grpc_method", METHOD);
  }

  @Thorough
  @ParameterizedTest(name = "gRPC {0}")
  @MethodSource("versions")
  void one_of_three_that_fails_costs_no_call_and_all_that_fail_no_more_than_the_budget(
      String grpc) {
    servers(grpc, "a", "b", "c");
    long began = System.nanoTime();
    Jvm client =
        client("client.retry.attempts@" + METHOD, "3", "client.retry.budget", "40% + 10/s");

    servers.get(0).ask("fail 100");
    double before = attempts();
    LoadResult one = client.load("calls n=2000 threads=4 deadline=60000" + ENABLED);
    double extra = attempts() - before - 2_000;
    assertThat(one.ok()).as(() -> client.described(one.toString())).isEqualTo(2_000);
    assertThat(one.okBy()).containsOnlyKeys("b", "c");
    assertThat(extra).as("one for each call that met it").isBetween(600.0, 740.0);
    assertThat(counted(client, "mesh_client_retries_total")).isEqualTo(extra);

    all("fail 100");
    double beforeAll = attempts();
    LoadResult none = client.load("calls n=2000 rate=500 threads=8 deadline=60000" + ENABLED);
    double extraOfAll = attempts() - beforeAll - 2_000;
    double seconds = (System.nanoTime() - began) / 1e9;
    double calls = client.metrics().sum("grpc_client_call_started_total", "grpc_method", METHOD);
    assertThat(none.failures("UNAVAILABLE: flaky"))
        .as(() -> client.described(none.toString()))
        .isEqualTo(2_000);
    assertThat(none.failures("with pushback")).as("what the server said, as it is").isZero();
    assertThat(extra + extraOfAll)
        .as("of " + calls + " calls in " + seconds + " s")
        .isEqualTo(counted(client, "mesh_client_retries_total"))
        .isLessThanOrEqualTo(0.4 * calls + 10 * (seconds + 1));
    assertThat(extraOfAll).as("and most of it is used").isGreaterThan(700);
    assertThat(counted(client, "mesh_client_retries_refused_total")).isGreaterThan(1_000);
    assertThat(Metrics.get(client.admin() + "/mesh")).contains("retry, 3 attempts, UNAVAILABLE");
  }

  @ParameterizedTest(name = "gRPC {0}")
  @MethodSource("versions")
  void with_one_retry_no_call_fails_when_an_instance_is_killed(String grpc) {
    servers(grpc, "a", "b", "c");
    // A write to a connection that has just closed fails as UNKNOWN in all versions, now and then.
    Jvm client = client("client.retry.attempts", "2", "client.retry.codes", "UNAVAILABLE,UNKNOWN");
    String unused = client.ask("begin rate=200 streams=0" + ENABLED);
    await("calls").atMost(Jvm.PATIENCE).until(() -> client.load("count").ok() > 200);

    servers.get(0).kill9();
    int then = client.load("count").ok();
    await("more calls").atMost(Jvm.PATIENCE).until(() -> client.load("count").ok() > then + 400);
    LoadResult result = client.load("end");
    // Of thousands of calls on a busy machine one is killed in the middle of its response.
    assertThat(result.failures())
        .as(() -> client.described(result.toString()))
        .isEqualTo(result.failures("after its response had begun"))
        .isLessThanOrEqualTo(3);
  }

  @Thorough
  @ParameterizedTest(name = "gRPC {0}")
  @MethodSource("versions")
  void what_the_program_and_its_server_say_stands(String grpc) {
    servers(grpc, "a");
    Jvm client = client("client.retry.attempts", "2", "client.retry.budget", "100% + 1000/s");

    all("fail 100");
    assertThat(attemptsOf(client, CALLS + ENABLED)).isEqualTo(40);
    assertThat(attemptsOf(client, CALLS + " channel=retrying:localhost:1"))
        .as("a policy of the program's own, which it has for all methods: 1.22 knows no such one")
        .isEqualTo(grpc.equals(Classpaths.FLOOR) ? 40 : 80);
    assertThat(attemptsOf(client, CALLS + " channel=disabled:localhost:1"))
        .as("switched off by the program")
        .isEqualTo(20);
    assertThat(client.stderr())
        .filteredOn(line -> line.contains("retries are switched off in it"))
        .singleElement()
        .asString()
        .contains("are sent once");

    all("pushback -1");
    assertThat(attemptsOf(client, CALLS + ENABLED)).as("no more").isEqualTo(20);
    all("pushback 5");
    assertThat(attemptsOf(client, CALLS + ENABLED)).as("in 5 ms").isEqualTo(40);
  }

  /** How many attempts came to the servers for calls that all fail. */
  private double attemptsOf(Jvm client, String calls) {
    double before = attempts();
    LoadResult result = client.load(calls);
    assertThat(result.failures()).as(() -> client.described(result.toString())).isEqualTo(20);
    return attempts() - before;
  }

  @Thorough
  @Test
  void a_refusal_by_another_agent_is_not_repeated_unless_it_names_a_time() {
    world.with(Classpaths.NEWEST, Runtime.version().feature());
    Jvm server = world.flakyServer("a").mesh("server.rate-limit.rate", "1/h").start();
    server.awaitPort();
    servers.add(server);
    Jvm client =
        world
            .loadClient()
            .mesh("client.retry.attempts", "3")
            .mesh("client.retry.codes", "RESOURCE_EXHAUSTED")
            .start();
    client.awaitInstances(1);

    LoadResult first = client.load("calls n=1 deadline=60000");
    double before = attempts();
    LoadResult result = client.load(CALLS);
    assertThat(first.ok() + result.ok()).isEqualTo(1);
    assertThat(result.failures("RESOURCE_EXHAUSTED")).isEqualTo(20 - result.ok());
    assertThat(attempts() - before).isEqualTo(20);
  }

  @Thorough
  @ParameterizedTest(name = "gRPC {0}")
  @MethodSource("versions")
  void streams_are_repeated_and_deadlines_and_cancels_end_a_wait(String grpc) {
    servers(grpc, "a", "b", "c");
    Jvm client =
        client(
            "client.retry.attempts",
            "3",
            "client.retry.backoff@" + LATER,
            "5m..5m",
            "client.retry.budget",
            "100% + 1000/s");

    servers.get(0).ask("fail 100");
    for (int i = 0; i < 6; i++) {
      LoadResult stream = client.load("stream" + ENABLED);
      assertThat(stream.ok()).as(() -> client.described(stream.toString())).isEqualTo(3);
    }
    // A third of the streams meets it; which of the three comes first is not said.
    assertThat(client.metrics().sum("mesh_client_retries_total", "grpc_method", GREETER + "/Chat"))
        .isBetween(1.0, 3.0);

    all("fail 100");
    LoadResult late = client.load("calls n=20 threads=20 deadline=300 service=" + LATER + ENABLED);
    assertThat(late.failures("DEADLINE_EXCEEDED"))
        .as(() -> client.described(late.toString()))
        .isEqualTo(20);
    all("fail 0");
    LoadResult chaos = client.load("chaos n=1500 threads=8 seed=7" + ENABLED);
    assertThat(chaos.failures("INTERNAL")).as(() -> client.described(chaos.toString())).isZero();
    assertThat(chaos.failures("CANCELLED")).isPositive();
    for (Jvm jvm : Stream.concat(Stream.of(client), servers.stream()).toList()) {
      await("nothing in flight")
          .atMost(Duration.ofSeconds(20))
          .until(() -> jvm.metrics().sum("mesh_calls_in_flight") == 0);
    }
    client.say("quit");
    assertThat(client.awaitExit()).as("no retry keeps it").isZero();
  }
}
