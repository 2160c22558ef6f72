package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Thorough;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A line for each call where somebody wants that, and the agent's own log in a file. */
class AccessLogIT {

  private static final String HELLO = "helloworld.Greeter/SayHello";

  @AutoClose private final World world = World.local();
  private final Path folder = Places.newDirectory("logs");

  private static List<String> lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<JsonObject> calls(Path file) {
    return lines(file).stream()
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .filter(call -> call.get("method").getAsString().equals(HELLO))
        .toList();
  }

  @Test
  void each_call_has_a_line_on_both_sides_that_says_what_policies_did() {
    Path served = folder.resolve("served.json");
    Path made = folder.resolve("made.json");
    Jvm server =
        world.flakyServer("a").mesh("access-log", "json").mesh("access-log.file", served).start();
    int port = server.awaitPort();
    Jvm client =
        world
            .loadClient()
            .mesh("app.name", "shop")
            .mesh("access-log@helloworld.*", "json")
            .mesh("access-log.file", made)
            .mesh("client.retry.attempts", "2")
            .mesh("client.retry.codes", "UNAVAILABLE")
            .start();
    client.awaitInstances(1);
    assertThat(client.load("calls n=20 threads=1 deadline=60000").ok()).isEqualTo(20);
    server.ask("fail 100");
    client.load("calls n=1 deadline=60000 channel=enabled:localhost:1");

    await()
        .atMost(Jvm.PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(calls(made)).hasSize(21);
              assertThat(calls(served)).hasSize(22);
            });
    JsonObject good = calls(made).get(0);
    assertThat(good.get("side").getAsString()).isEqualTo("client");
    assertThat(good.get("status").getAsString()).isEqualTo("OK");
    assertThat(good.get("peer").getAsString()).isEqualTo("127.0.0.1:" + port);
    assertThat(good.get("attempts").getAsInt()).isEqualTo(1);
    assertThat(good.get("duration_ms").getAsDouble()).isPositive();
    JsonObject failed = calls(made).get(20);
    assertThat(failed.get("status").getAsString()).isEqualTo("UNAVAILABLE");
    assertThat(failed.get("attempts").getAsInt()).isEqualTo(2);
    JsonObject answered = calls(served).get(0);
    assertThat(answered.get("side").getAsString()).isEqualTo("server");
    assertThat(answered.get("peer").getAsString()).startsWith("127.0.0.1:");
    assertThat(server.metrics().sum("mesh_access_log_lines_total")).isGreaterThanOrEqualTo(22);
    assertThat(server.metrics().sum("mesh_log_lines_dropped_total")).isZero();
  }

  @Thorough
  @Test
  void on_the_error_stream_it_says_who_refused_and_is_silent_where_nobody_asked() {
    Jvm server = world.flakyServer("a").start();
    server.awaitPort();
    Jvm client =
        world
            .loadClient()
            .mesh("client.rate-limit.rate@" + HELLO, "1/h")
            .mesh("access-log@" + HELLO, "text")
            .start();
    client.awaitInstances(1);
    client.load("calls n=5 threads=1");

    String refused =
        client.awaitError(line -> line.contains("verdict=\"rate-limit: refused\""), Jvm.PATIENCE);
    assertThat(refused).contains(" client " + HELLO + " RESOURCE_EXHAUSTED ", " attempts=0 ");
    assertThat(client.stderr()).noneMatch(line -> line.contains("warm.Up"));
    assertThat(server.stderr()).noneMatch(line -> line.contains(HELLO));
  }

  @Test
  void the_agents_own_log_goes_to_a_file_that_is_named_and_nothing_to_the_error_stream() {
    Jvm server = world.flakyServer("a").mesh("log.file", folder.resolve("agent-%p.log")).start();
    server.awaitPort();
    Path file = folder.resolve("agent-" + server.pid() + ".log");
    await()
        .atMost(Jvm.PATIENCE)
        .until(() -> lines(file).stream().anyMatch(line -> line.contains(", admin http://")));
    assertThat(server.stderr()).noneMatch(line -> line.contains("[mesh-agent]"));
    try (Stream<Path> all = Files.list(folder)) {
      assertThat(all).containsExactly(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A log that can't be written is no reason to have none, and none for the program to notice. */
  @Thorough
  @Test
  void a_file_that_cannot_be_written_is_told_of_once_and_its_lines_are_not_lost() {
    Jvm server = world.flakyServer("a").mesh("log.file", folder).start();
    server.awaitPort();
    String said =
        server.awaitError(line -> line.contains("log.file=" + folder + " can't"), Jvm.PATIENCE);
    assertThat(said).contains("goes to the error stream");
    assertThat(server.admin()).startsWith("http://");
  }
}
