package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Thorough;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The documents of {@code agent/docs/examples} do, as they stand there, what they say. */
@Thorough
class ExamplesIT {

  private static final Duration SOON = Duration.ofSeconds(20);

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  private Jvm greeter(String name, String version) {
    Jvm server =
        world
            .flakyServer(name)
            .mesh("app.name", "greeter")
            .mesh("app.version", version)
            .leavingFast()
            .start();
    server.awaitPort();
    return server;
  }

  private Jvm client(String application, int instances) {
    JvmBuilder builder = world.loadClient().mesh("app.name", application);
    Jvm client = builder.mesh("log.level", "info").start();
    client.awaitInstances(instances);
    return client;
  }

  /** Puts a document into etcd and waits until all programs have said that they read it. */
  private static void put(String example, int programs) {
    try {
      String text =
          Files.readString(Places.root().resolve("agent/docs/examples/" + example + ".properties"));
      ETCD.keys().put("/mesh/policies/" + example, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    await(example + " was read by all")
        .atMost(SOON)
        .until(
            () ->
                ETCD.keys().get("/mesh/agents/").values().stream()
                        .filter(report -> report.json().toString().contains("\"" + example + "\""))
                        .peek(
                            report ->
                                assertThat(report.json().toString())
                                    .as("a mistake in an example")
                                    .doesNotContain("refused"))
                        .count()
                    == programs);
  }

  @Test
  void canary() {
    greeter("v1", "1");
    greeter("v2", "2");
    Jvm client = client("shop", 2);

    put("canary", 3);

    LoadResult result = client.load("calls n=2000 threads=4 deadline=30000");
    assertThat(result.failures()).as(() -> client.described(result.toString())).isZero();
    // Six standard deviations on each side.
    assertThat(result.okBy().get("v2")).as(result.toString()).isBetween(41, 159);
    assertThat(client.load("calls n=20 header=x-user:tester").okBy()).containsOnlyKeys("v2");
  }

  @Test
  void brown_out() {
    greeter("a", "1");
    Jvm client = client("shop", 1);

    put("brown-out", 2);

    LoadResult result = client.load("calls n=400 threads=2");
    assertThat(result.failures()).as(() -> client.described(result.toString())).isZero();
    assertThat(result.okBy().get("a"))
        .as("of 400 calls that came at once: " + result)
        .isLessThan(200);
  }

  @Test
  void noisy_neighbour() {
    Jvm greeter = greeter("a", "1");
    Jvm noisy = client("noisy", 1);
    Jvm quiet = client("quiet", 1);

    put("noisy-neighbour", 3);

    noisy.say("begin rate=500");
    LoadResult result = quiet.load("calls n=60 rate=20 threads=1");
    LoadResult refused = noisy.load("end");
    assertThat(result.failures()).as(() -> greeter.described(result.toString())).isZero();
    assertThat(refused.failures("RESOURCE_EXHAUSTED"))
        .as(() -> greeter.described(refused.toString()))
        .isGreaterThan(refused.ok());
  }

  @Test
  void slow_dependency() {
    Jvm greeter = greeter("a", "1");
    Jvm client = client("shop", 1);
    assertThat(client.load("calls n=20").failures()).isZero();

    put("slow-dependency", 2);

    greeter.say("slow 100 400");
    LoadResult slow = client.load("calls n=100 threads=4");
    assertThat(slow.failures("circuit open"))
        .as(() -> client.described("refused, since half were slow: " + slow))
        .isPositive();
    greeter.say("slow 0 0");
    await("it is tried again")
        .atMost(SOON)
        .until(() -> client.load("calls n=20 rate=20 threads=1").failures() == 0);
  }

  @Test
  void read_cache() {
    Jvm greeter = greeter("a", "1");
    Jvm client = client("shop", 1);
    client.awaitAnswersBy(Set.of("a"), "calls n=20 threads=1");

    put("read-cache", 2);

    LoadResult cached = client.load("calls n=500 threads=4");
    assertThat(cached.ok()).as(() -> client.described(cached.toString())).isEqualTo(500);
    double asked = greeter.metrics().sum("grpc_server_call_started_total");
    assertThat(asked).as("calls that reached the server").isLessThan(100);
    greeter.kill9();
    LoadResult stale = client.load("calls n=100 threads=4");
    assertThat(stale.ok()).as(() -> client.described(stale.toString())).isEqualTo(100);
  }
}
