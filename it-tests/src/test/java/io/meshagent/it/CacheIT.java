package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server is asked once for what many want to know, and what it said is given while it is gone.
 */
class CacheIT {

  private static final String SERVICE = "kept.Greeter";
  private static final String METHOD = SERVICE + "/SayHello";
  private static final String TTL = "client.cache.ttl@" + SERVICE;
  private static final Map<String, String> VERSIONS =
      Map.of("1.22", Classpaths.FLOOR, "middle", Classpaths.MIDDLE, "newest", Classpaths.NEWEST);

  @AutoClose private final World world = World.local();
  private Jvm server;
  private Jvm client;

  private void start(String version, String... settings) {
    world.with(VERSIONS.get(version), version.equals("1.22") ? 8 : 17);
    server = world.flakyServer("a", "services=" + SERVICE).start();
    server.awaitPort();
    JvmBuilder calling = world.loadClient().mesh("client.breaker.enabled", "false");
    for (int i = 0; i < settings.length; i += 2) {
      calling.mesh(settings[i], settings[i + 1]);
    }
    client = calling.start();
    client.awaitInstances(1);
  }

  private LoadResult calls(String options) {
    return client.load("calls deadline=60000 service=" + SERVICE + " " + options);
  }

  private double asked() {
    return server.metrics().sum("grpc_server_call_started_total", "grpc_method", METHOD);
  }

  private double began() {
    return client.metrics().sum("grpc_client_call_started_total", "grpc_method", METHOD);
  }

  private double counted(String result) {
    return client.metrics().sum("mesh_cache_calls_total", "grpc_method", METHOD, "result", result);
  }

  private void awaitRest() {
    await("nobody waits for anybody")
        .atMost(Jvm.PATIENCE)
        .until(() -> client.metrics().sum("mesh_cache_in_flight") == 0);
  }

  @ParameterizedTest(name = "{0}, gRPC {1}")
  @CsvSource("blocking,newest")
  @ThoroughRows({
    "async,newest",
    "future,newest",
    "blocking,1.22",
    "async,1.22",
    "future,1.22",
    "blocking,middle"
  })
  void of_64_callers_that_ask_the_same_at_once_one_reaches_the_server(String kind, String version) {
    start(version, TTL, "10m");
    server.ask("hold");
    CompletableFuture<LoadResult> calls =
        CompletableFuture.supplyAsync(() -> calls("n=64 threads=64 kind=" + kind));
    await("all have begun, and one has reached the server")
        .atMost(Jvm.PATIENCE)
        .until(() -> began() == 64 && asked() == 1);
    server.ask("release");

    LoadResult result = calls.join();
    assertThat(result.okBy())
        .as(() -> client.described(result.toString()))
        .isEqualTo(Map.of("a", 64));
    LoadResult later = calls("n=100 marked kind=" + kind);
    assertThat(later.okBy()).isEqualTo(Map.of("a mesh-cache=hit", 100));
    assertThat(asked()).isEqualTo(1);
    assertThat(counted("miss")).isEqualTo(1);
    assertThat(counted("shared") + counted("hit")).isEqualTo(163);
    LoadResult other = calls("n=1 name=other marked");
    assertThat(other.okBy()).isEqualTo(Map.of("a", 1));
    awaitRest();
  }

  @Thorough
  @ParameterizedTest(name = "gRPC {0}")
  @ValueSource(strings = "newest")
  @ThoroughRows({"1.22", "middle"})
  void a_server_that_is_gone_is_stood_in_for_by_what_it_said(String version) {
    start(version, TTL, "1ms", "client.cache.stale-on-failure", "10m");
    assertThat(calls("n=1").ok()).isEqualTo(1);
    server.kill9();

    LoadResult result = calls("n=50 marked");
    assertThat(result.okBy())
        .as(() -> client.described(result.toString()))
        .isEqualTo(Map.of("a mesh-cache=stale", 50));
    assertThat(calls("n=1 name=other").failures("UNAVAILABLE")).isEqualTo(1);
    assertThat(counted("stale")).isEqualTo(50);
    awaitRest();
  }

  @Thorough
  @ParameterizedTest(name = "gRPC {0}")
  @ValueSource(strings = "newest")
  @ThoroughRows("1.22")
  void whatever_ends_calls_that_wait_for_another_one_nothing_is_held(String version) {
    start(version, TTL, "1ms");
    server.ask("hold");
    LoadResult unused = client.load("begin rate=200 deadline=150 service=" + SERVICE);
    await("many have run out of time, of which few were sent")
        .atMost(Jvm.PATIENCE)
        .until(() -> client.load("count").failures("DEADLINE_EXCEEDED") > 100);
    assertThat(asked()).isLessThan(client.load("count").failures() / 3.0);
    server.ask("release");
    await("the others are answered")
        .atMost(Jvm.PATIENCE)
        .until(() -> client.load("count").ok() > 20);
    unused = client.load("end");

    LoadResult chaos = client.load("chaos n=1500 threads=16 service=" + SERVICE);
    assertThat(chaos.ok() + chaos.failures()).isPositive();
    awaitRest();
    LoadResult again = calls("n=20");
    assertThat(again.okBy()).isEqualTo(Map.of("a", 20));
  }

  @ParameterizedTest(name = "gRPC {0}")
  @ValueSource(strings = "newest")
  @ThoroughRows({"1.22", "middle"})
  void calls_with_credentials_have_no_part_in_it_wherever_they_come_from(String version) {
    start(version, TTL, "10m");
    assertThat(calls("n=10 threads=1 header=authorization:Bearer").ok()).isEqualTo(10);
    assertThat(calls("n=10 threads=1 signed").ok()).isEqualTo(10);
    assertThat(asked()).isEqualTo(20);
    assertThat(calls("n=10 threads=1").ok()).isEqualTo(10);
    assertThat(asked()).isEqualTo(21);
    LoadResult added = calls("n=10 threads=1 channel=signed:localhost:1");
    assertThat(added.ok()).as(() -> client.described(added.toString())).isEqualTo(10);
    assertThat(asked()).as("what an interceptor adds later counts as well").isEqualTo(31);
    assertThat(client.awaitError(line -> line.contains("are not shared"), Jvm.PATIENCE))
        .contains(METHOD, "(authorization)", "client.cache.with-credentials=true");
  }

  @Thorough
  @Test
  void a_program_that_sends_when_its_call_is_ready_is_not_kept_waiting_for_that() {
    start("newest", TTL, "10m");
    LoadResult result = calls("n=3 threads=1 kind=raw");
    assertThat(result.ok()).as(() -> client.described(result.toString())).isEqualTo(3);
    assertThat(counted("miss")).isEqualTo(1);
    assertThat(counted("hit")).isEqualTo(2);
  }

  @Thorough
  @Test
  void observed_every_call_is_sent_and_the_hits_are_counted() {
    start("newest", TTL, "10m", "governance", "observe");
    LoadResult result =
        client.load(
            "calls n=20 threads=1 marked deadline=60000 service="
                + SERVICE
                + " channel=target:localhost:"
                + server.awaitPort());
    assertThat(result.okBy())
        .as(() -> client.described(result.toString()))
        .isEqualTo(Map.of("a", 20));
    assertThat(asked()).isEqualTo(20);
    assertThat(client.metrics().sum("mesh_observed_total", "policy", "cache")).isEqualTo(19);
  }
}
