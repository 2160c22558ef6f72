package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.Metrics;
import io.meshagent.it.harness.Promtool;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of metrics, on both sides of a run whose numbers are known. */
class MetricsIT {

  private static final String METHOD = "helloworld.Greeter/SayHello";

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  private Jvm server;
  private Jvm client;

  @Test
  void counts_what_happened() {
    callSome();

    await("the server's last call may close after the client's")
        .atMost(Jvm.PATIENCE)
        .untilAsserted(() -> checkCounts(server.metrics(), "server"));
    Metrics page = client.metrics();
    checkCounts(page, "client");
    assertThat(page.all("mesh_breaker_state", "grpc_method", METHOD)).hasSize(3);
    assertThat(server.metrics().sum("mesh_registration_state", "state", "ALIVE")).isEqualTo(1);
    assertThat(page.sum("grpc_client_call_duration_seconds_bucket", "le", "+Inf"))
        .isEqualTo(page.sum("grpc_client_call_duration_seconds_count"));
  }

  @Thorough
  @Test
  void tells_attempts_from_calls_where_that_is_wanted() {
    server = world.flakyServer("a").start();
    server.awaitPort();
    client =
        world
            .loadClient()
            .mesh("metrics.attempts", "on")
            .mesh("client.retry.attempts", "2")
            .mesh("client.retry.budget", "100% + 100/s")
            .mesh("client.breaker.enabled", "false")
            .start();
    client.awaitInstances(1);
    client.load("calls n=50");
    server.ask("fail 100");
    client.load("calls n=5 channel=enabled:localhost:1");

    Metrics page = client.metrics();
    String attempt = "grpc_client_attempt_";
    assertThat(page.sum(attempt + "started_total", "grpc_method", METHOD))
        .as(() -> client.described("attempts"))
        .isEqualTo(60);
    for (String each :
        List.of(
            "duration_seconds_count",
            "sent_total_compressed_message_size_bytes_count",
            "rcvd_total_compressed_message_size_bytes_count")) {
      assertThat(page.sum(attempt + each, "grpc_method", METHOD)).as(each).isEqualTo(60);
      assertThat(page.sum(attempt + each, "grpc_method", METHOD, "grpc_status", "OK"))
          .as(each)
          .isEqualTo(50);
    }
    String bytes = "_total_compressed_message_size_bytes_sum";
    assertThat(page.sum(attempt + "sent" + bytes, "grpc_method", METHOD)).isGreaterThan(60);
    assertThat(page.sum(attempt + "rcvd" + bytes, "grpc_status", "OK")).isGreaterThan(50);
    assertThat(page.sum(attempt + "rcvd" + bytes, "grpc_status", "UNAVAILABLE")).isZero();
    assertThat(page.sum("grpc_client_call_retries_count", "grpc_method", METHOD)).isEqualTo(5);
    assertThat(page.sum("grpc_client_call_retries_sum", "grpc_method", METHOD)).isEqualTo(5);
    assertThat(page.all("grpc_client_call_hedges_count", "grpc_method", METHOD)).isEmpty();
  }

  @Thorough
  @ParameterizedTest(name = "gRPC {0}")
  @ValueSource(strings = "newest")
  @ThoroughRows({"1.22", "middle"})
  void a_server_adds_up_the_bytes_that_its_clients_do_where_that_is_wanted(String version) {
    if (version.equals("1.22")) {
      world.with(Classpaths.FLOOR, 8);
    } else if (version.equals("middle")) {
      world.with(Classpaths.MIDDLE, 17);
    }
    server = world.flakyServer("a").mesh("metrics.attempts", "on").start();
    server.awaitPort();
    Jvm quiet = world.flakyServer("b", "services=quiet.Greeter").start();
    quiet.awaitPort();
    client = world.loadClient().mesh("metrics.attempts", "on").start();
    client.awaitInstances(2);
    client.load("calls n=50 deadline=60000");
    client.load("calls n=5 deadline=60000 service=quiet.Greeter");
    server.ask("fail 100");
    client.load("calls n=3 threads=1 deadline=60000");

    String call = "grpc_server_call_";
    String bytes = "_total_compressed_message_size_bytes_";
    Metrics asked = client.metrics();
    await("the server's last call may close after the client's")
        .atMost(Jvm.PATIENCE)
        .untilAsserted(
            () -> {
              Metrics page = server.metrics();
              for (String status : List.of("OK", "UNAVAILABLE")) {
                for (String each : List.of("sent", "rcvd")) {
                  String other = each.equals("sent") ? "rcvd" : "sent";
                  for (String value : List.of("count", "sum")) {
                    assertThat(
                            page.sum(
                                call + each + bytes + value,
                                "grpc_method",
                                METHOD,
                                "grpc_status",
                                status))
                        .as(() -> server.described(each + " " + value + " " + status))
                        .isEqualTo(
                            asked.sum(
                                "grpc_client_attempt_" + other + bytes + value,
                                "grpc_method",
                                METHOD,
                                "grpc_status",
                                status));
                  }
                }
              }
              assertThat(page.sum(call + "rcvd" + bytes + "sum", "grpc_status", "OK"))
                  .isGreaterThan(50);
            });
    assertThat(quiet.metrics().all(call + "sent" + bytes + "count")).as("off").isEmpty();
  }

  /** Whoever makes a dashboard goes by that table. */
  @Thorough
  @Test
  void each_family_stands_in_the_reference_with_its_labels() throws IOException {
    callSome();
    Map<String, List<String>> reference = new TreeMap<>();
    Matcher row =
        Pattern.compile("(?m)^\\| `(\\w+)` \\| (\\w+) \\| ([^|]*) \\|")
            .matcher(Files.readString(Places.root().resolve("agent/docs/metrics.md")));
    while (row.find()) {
      List<String> labels = new ArrayList<>();
      Matcher label = Pattern.compile("`(\\w+)`").matcher(row.group(3));
      while (label.find()) {
        labels.add(label.group(1));
      }
      reference.put(row.group(1) + " " + row.group(2), labels);
    }

    for (Jvm each : List.of(client, server)) {
      Metrics page = each.metrics();
      List<String> families =
          page.text()
              .lines()
              .filter(line -> line.startsWith("# TYPE "))
              .map(line -> line.substring("# TYPE ".length()))
              .sorted()
              .toList();
      assertThat(families).isEqualTo(List.copyOf(reference.keySet()));
      for (String family : families) {
        String name = family.substring(0, family.indexOf(' '));
        for (String ending : List.of("", "_bucket", "_count", "_sum")) {
          for (Metrics.Sample sample : page.all(name + ending)) {
            List<String> labels = new ArrayList<>(sample.labels().keySet());
            labels.remove("le");
            assertThat(labels).as(name).isEqualTo(reference.get(family));
          }
        }
      }
    }
  }

  @Thorough
  @Test
  void promtool_accepts_the_page() {
    callSome();
    for (Jvm each : List.of(client, server)) {
      assertThat(Promtool.check(each.metrics())).isEmpty();
    }
  }

  private void callSome() {
    server = world.flakyServer("a").start();
    server.awaitPort();
    client = world.loadClient().start();
    client.awaitInstances(1);
    client.load("calls n=100");
    client.load("calls n=3 name=fail");
    client.load("stream messages=2");
  }

  /** A provider of HTTP servers is the program's affair: the page is served without one. */
  @ParameterizedTest(name = "Java {0}")
  @ValueSource(ints = 17)
  @ThoroughRows({"8", "25"})
  void has_a_page_whatever_the_program_has_for_http_servers(int jdk) {
    server =
        world
            .with(Classpaths.MIDDLE, jdk)
            .flakyServer("a")
            .property("com.sun.net.httpserver.HttpServerProvider", "no.such.Provider")
            .start();
    server.awaitPort();

    await()
        .atMost(Jvm.PATIENCE)
        .until(() -> ETCD.keys().get("/services/helloworld.Greeter/").size() == 1);
    // The key is there before the program has heard so.
    await()
        .atMost(Jvm.PATIENCE)
        .until(() -> server.metrics().sum("mesh_registration_state", "state", "ALIVE") == 1);
    assertThat(server.stderr()).noneMatch(line -> line.contains("[mesh-agent] warn"));
  }

  private static void checkCounts(Metrics page, String side) {
    String count = "grpc_" + side + "_call_duration_seconds_count";
    assertThat(page.sum(count, "grpc_method", METHOD, "grpc_status", "OK")).isEqualTo(100);
    assertThat(page.sum(count, "grpc_method", METHOD, "grpc_status", "UNAVAILABLE")).isEqualTo(3);
    assertThat(page.sum(count, "grpc_method", "helloworld.Greeter/Chat", "grpc_status", "OK"))
        .isEqualTo(1);
    assertThat(page.sum("mesh_calls_in_flight", "side", side)).isZero();
  }
}
