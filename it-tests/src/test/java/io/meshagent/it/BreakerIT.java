package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Alone;
import io.meshagent.it.tools.ring.Thorough;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A method that keeps failing is refused for a while, quickly and by name, and tried again. */
@Alone
class BreakerIT {

  private static final String METHOD = "helloworld.Greeter/SayHello";

  @AutoClose private final World world = World.local();

  @Test
  void opens_at_60_percent_failures_refuses_by_name_and_closes_after_recovery() {
    Jvm server = world.flakyServer("a", "fail=60").start();
    server.awaitPort();
    Jvm client = world.loadClient().mesh("client.breaker.open-for", "2s").start();
    client.awaitInstances(1);

    LoadResult failing = client.load("calls n=1000 threads=1");
    assertThat(failing.failures("UNAVAILABLE: flaky"))
        .as(() -> client.described(failing.toString()))
        .isBetween(10, 30);
    assertThat(failing.failures("circuit open for " + METHOD)).isGreaterThan(500);
    // In groups, because each refusal says when the next probe is due.
    failing
        .failed()
        .forEach(
            (status, refused) -> {
              if (status.contains("circuit open") && refused.count() > 100) {
                assertThat(refused.p50Micros()).as("time of a refusal").isLessThan(1_000);
              }
            });
    assertThat(client.metrics().sum("mesh_breaker_state", "grpc_method", METHOD, "state", "open"))
        .isEqualTo(1);
    assertThat(
            client
                .metrics()
                .sum(
                    "mesh_refusals_total",
                    "side",
                    "client",
                    "grpc_method",
                    METHOD,
                    "policy",
                    "breaker"))
        .isGreaterThan(500);

    server.ask("fail 0");
    await("the breaker closes by probes")
        .pollInterval(Duration.ofMillis(200))
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              client.load("calls n=5 threads=1");
              return client
                      .metrics()
                      .sum("mesh_breaker_state", "grpc_method", METHOD, "state", "closed")
                  == 1;
            });
    assertThat(client.load("calls n=100").ok()).isEqualTo(100);
  }

  @Thorough
  @Test
  void slow_calls_open_it_as_failures_do() {
    Jvm server = world.flakyServer("a").start();
    server.awaitPort();
    server.ask("slow 80 500");
    Jvm client =
        world
            .loadClient()
            .mesh("client.breaker.slow-call", "300ms")
            .mesh("client.breaker.open-for", "1s")
            .start();
    client.awaitInstances(1);

    LoadResult slow = client.load("calls n=400 threads=8");
    assertThat(slow.failures("circuit open for " + METHOD))
        .as(() -> client.described(slow.toString()))
        .isGreaterThan(200);
    String said = client.awaitError(line -> line.contains("is open"), Jvm.PATIENCE);
    assertThat(said).contains("took longer than 300 ms");

    server.ask("slow 0 0");
    await("the breaker closes by quick probes")
        .pollInterval(Duration.ofMillis(200))
        .atMost(Jvm.PATIENCE)
        .until(() -> client.load("calls n=5 threads=1").ok() == 5);
  }

  @Thorough
  @Test
  void with_a_circuit_for_each_instance_calls_are_refused_only_where_all_are_open() {
    Jvm good = world.flakyServer("good").start();
    Jvm bad = world.flakyServer("bad", "fail=100").start();
    good.awaitPort();
    bad.awaitPort();
    Jvm client =
        world
            .loadClient()
            .mesh("client.breaker.scope", "instance")
            .mesh("client.breaker.open-for", "1s")
            .mesh("client.balance", "round_robin")
            .start();
    client.awaitInstances(2);

    LoadResult first = client.load("calls n=100 threads=1");
    assertThat(first.failures("UNAVAILABLE: flaky"))
        .as(() -> client.described(first.toString()))
        .isBetween(20, 40);
    assertThat(first.failures("circuits open")).as("refused").isZero();
    assertThat(client.awaitError(line -> line.contains("the circuit of "), Jvm.PATIENCE))
        .containsPattern("\\d+ of \\d+ calls failed: UNAVAILABLE");

    good.ask("fail 100");
    LoadResult all = client.load("calls n=300 threads=1");
    assertThat(all.failures("all circuits open for helloworld.Greeter"))
        .as(() -> client.described(all.toString()))
        .isGreaterThan(200);
    all.failed()
        .forEach(
            (status, refused) -> {
              if (status.contains("all circuits open") && refused.count() > 100) {
                assertThat(refused.p50Micros()).as("time of a refusal").isLessThan(1_000);
              }
            });
    assertThat(client.metrics().sum("mesh_refusals_total", "policy", "breaker")).isGreaterThan(200);

    good.ask("fail 0");
    bad.ask("fail 0");
    await("both are back")
        .pollInterval(Duration.ofMillis(200))
        .atMost(Jvm.PATIENCE)
        .until(() -> client.load("calls n=40 threads=1").okBy().keySet().size() == 2);
    assertThat(client.load("calls n=100").ok()).isEqualTo(100);
  }

  @Thorough
  @Test
  void opened_while_nobody_was_there_it_does_not_keep_calls_from_the_first_server() {
    Jvm client = world.loadClient().mesh("client.breaker.open-for", "5m").start();
    client.await("ready");
    LoadResult failing = client.load("calls n=200 threads=1");
    assertThat(failing.failures("circuit open"))
        .as(() -> client.described(failing.toString()))
        .isGreaterThan(100);

    client.load("begin rate=200");
    world.greeterServer(0, "a").start().awaitPort();
    await("calls are answered, long before the circuit would be tried again")
        .atMost(Jvm.PATIENCE)
        .until(() -> client.load("count").ok() > 100);
    int refused = client.load("count").failures();
    LoadResult end = client.load("end");
    assertThat(end.failures()).as(() -> client.described(end.toString())).isEqualTo(refused);
  }
}
