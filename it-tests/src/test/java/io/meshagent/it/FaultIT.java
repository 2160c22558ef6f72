package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls are delayed and fail as they were told to, by name, and not when faults are off. */
class FaultIT {

  private static final String SERVICE = "faulty.Greeter";
  private static final Map<String, String> VERSIONS =
      Map.of("1.22", Classpaths.FLOOR, "middle", Classpaths.MIDDLE, "newest", Classpaths.NEWEST);

  @AutoClose private final World world = World.local();

  @ParameterizedTest(name = "{0}, gRPC {1}")
  @CsvSource("client,newest")
  @ThoroughRows({"server,newest", "server,1.22", "client,1.22", "server,middle", "client,middle"})
  void a_share_of_calls_is_delayed_and_a_share_fails(String side, String version) {
    world.with(VERSIONS.get(version), version.equals("1.22") ? 8 : 17);
    String key = side + ".fault@" + SERVICE;
    String rule = "delay 150ms 50%; abort DATA_LOSS 20%";
    Jvm server = world.flakyServer("a", "services=" + SERVICE).mesh(key, rule).start();
    server.awaitPort();
    Jvm client = world.loadClient().mesh(key, rule).mesh("client.breaker.enabled", "false").start();
    client.awaitInstances(1);

    LoadResult calls = client.load("calls n=1000 threads=50 deadline=60000 service=" + SERVICE);

    assertThat(calls.failures()).as(() -> client.described(calls.toString())).isBetween(120, 280);
    assertThat(
            calls.failures(
                "DATA_LOSS: fault injected by mesh-agent: abort DATA_LOSS 20% (" + key + ")"))
        .isEqualTo(calls.failures());
    assertThat(calls.ok() + calls.failures()).isEqualTo(1_000);
    Jvm injecting = side.equals("server") ? server : client;
    double delayed = injecting.metrics().sum("mesh_faults_total", "setting", key, "fault", "delay");
    assertThat(delayed).isCloseTo(500, within(100.0));
    assertThat(injecting.metrics().sum("mesh_faults_total", "setting", key, "fault", "abort"))
        .isEqualTo(calls.failures());
    assertThat(calls.millis()).as("50 at a time, half of them for 150 ms").isGreaterThan(1_000);
    assertThat(injecting.stderr())
        .filteredOn(line -> line.contains("faults are injected into calls by " + key))
        .singleElement()
        .asString()
        .contains(rule, "faults=off");

    LoadResult streams = new LoadResult(Map.of(), Map.of(), 0, 0, 0);
    for (int i = 0; i < 30 && streams.failures() == 0; i++) {
      streams = client.load("stream messages=2 service=" + SERVICE);
    }
    assertThat(streams.failures("fault injected by mesh-agent")).isEqualTo(1);
  }

  @Thorough
  @Test
  void callers_take_what_a_server_injects_for_its_failure() {
    Jvm server =
        world
            .flakyServer("a", "services=" + SERVICE)
            .mesh("server.fault", "abort UNAVAILABLE 100%")
            .start();
    server.awaitPort();
    Jvm client = world.loadClient().start();
    client.awaitInstances(1);

    LoadResult calls = client.load("calls n=200 threads=1 service=" + SERVICE);

    assertThat(calls.failures("circuit open"))
        .as(() -> client.described(calls.toString()))
        .isGreaterThan(100);
  }

  @Thorough
  @Test
  void one_word_ends_all_of_it() {
    Jvm server =
        world
            .flakyServer("a", "services=" + SERVICE)
            .mesh("server.fault", "abort UNAVAILABLE 100%")
            .mesh("faults", "off")
            .start();
    server.awaitPort();
    Jvm client =
        world
            .loadClient()
            .mesh("client.fault@" + SERVICE, "abort UNAVAILABLE 100%")
            .mesh("faults", "off")
            .start();
    client.awaitInstances(1);

    assertThat(client.load("calls n=100 deadline=60000 service=" + SERVICE).ok()).isEqualTo(100);
    assertThat(client.stderr()).noneMatch(line -> line.contains("faults are injected"));
  }
}
