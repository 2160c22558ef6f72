package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Metrics;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.LongForm;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents in etcd, and the configuration file, change what programs do while they run. */
class DocumentsIT {

  private static final String POLICIES = "/mesh/policies/";
  private static final Duration SOON = Duration.ofSeconds(20);

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  private Jvm server(String name) {
    Jvm server = world.flakyServer(name).mesh("app.name", "greeter").start();
    server.awaitPort();
    return server;
  }

  private Jvm client() {
    Jvm client = world.loadClient().mesh("app.name", "caller").mesh("log.level", "info").start();
    client.awaitInstances(1);
    return client;
  }

  /** Of the reports of all programs, those whose document is as wanted. */
  private static long reports(String document, Predicate<JsonObject> wanted) {
    List<JsonObject> found = new ArrayList<>();
    ETCD.keys()
        .get("/mesh/agents/")
        .values()
        .forEach(
            report ->
                report
                    .json()
                    .getAsJsonArray("documents")
                    .forEach(each -> found.add(each.getAsJsonObject())));
    return found.stream()
        .filter(each -> each.get("document").getAsString().equals(document))
        .filter(wanted)
        .count();
  }

  private static boolean isInForce(JsonObject document) {
    return document.get("state").getAsString().equals("read")
        && document.get("in force").equals(document.get("revision"));
  }

  @Thorough
  @Test
  void a_document_is_in_force_while_it_is_there_and_costs_no_call() {
    server("a");
    Jvm client = client();
    LoadResult before = client.load("calls n=200 rate=200 threads=4");
    assertThat(before.ok()).as(() -> client.described(before.toString())).isEqualTo(200);

    ETCD.keys()
        .put(
            POLICIES + "brown-out",
            "apply-to.app=greeter\nserver.rate-limit.rate@helloworld.Greeter=1/m\n");
    await("two programs have read it, one is meant")
        .atMost(SOON)
        .until(
            () ->
                reports("brown-out", report -> true) == 2
                    && reports("brown-out", DocumentsIT::isInForce) == 1);
    LoadResult limited = client.load("calls n=100 threads=1");
    assertThat(limited.failures("RESOURCE_EXHAUSTED"))
        .as(() -> client.described(limited.toString()))
        .isGreaterThan(90);

    ETCD.keys().delete(POLICIES + "brown-out");
    await("it is gone").atMost(SOON).until(() -> reports("brown-out", report -> true) == 0);
    LoadResult after = client.load("calls n=200 rate=200 threads=4");
    assertThat(after.ok()).as(() -> client.described(after.toString())).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(ints = 3)
  @ThoroughRows("20")
  void one_with_three_mistakes_changes_nothing_and_every_agent_reports_all_three(int programs) {
    server("a");
    List<Jvm> clients = new ArrayList<>();
    for (int i = 1; i < programs; i++) {
      clients.add(client());
    }
    ETCD.keys().put(POLICIES + "slow", "client.timeout@helloworld.Greeter=30s\n");
    await("the first one is in force")
        .atMost(SOON)
        .until(() -> reports("slow", DocumentsIT::isInForce) == programs);

    ETCD.keys()
        .put(
            POLICIES + "slow",
            "client.timeout=1ms\nclient.timeuot=5s\nclient.balance=fast\napp.name=other\n");
    await("all have refused the second one")
        .atMost(SOON)
        .until(
            () ->
                reports(
                        "slow",
                        report ->
                            report.get("state").getAsString().equals("refused")
                                && report.getAsJsonArray("problems").size() == 3
                                && report.get("in force").getAsLong()
                                    < report.get("revision").getAsLong())
                    == programs);

    Jvm client = clients.get(0);
    LoadResult result = client.load("calls n=100 threads=2");
    assertThat(result.ok()).as(() -> client.described(result.toString())).isEqualTo(100);
    assertThat(client.stderr())
        .anyMatch(line -> line.contains("document slow (revision") && line.contains("stays"))
        .anyMatch(
            line -> line.contains("client.timeuot is no setting (did you mean client.timeout?)"));
    JsonArray shown =
        JsonParser.parseString(Metrics.get(client.admin() + "/mesh"))
            .getAsJsonObject()
            .getAsJsonArray("documents");
    assertThat(shown).hasSize(1);
  }

  /** On a machine that has time for it. */
  @LongForm
  @Test
  void a_change_reaches_twenty_programs_within_a_second() {
    server("a");
    List<Jvm> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      clients.add(client());
    }
    for (int change = 1; change <= 3; change++) {
      String name = "change" + change;
      Instant began = Instant.now();
      ETCD.keys().put(POLICIES + name, "client.timeout@helloworld.Greeter=" + change + "s\n");
      Duration last = Duration.ZERO;
      for (Jvm client : clients) {
        String said = client.awaitError(line -> line.contains("document " + name + " "), SOON);
        Duration took =
            Duration.between(began, Instant.parse(said.substring(0, said.indexOf(' '))));
        last = took.compareTo(last) > 0 ? took : last;
      }
      Scenario.of("a document reaches 20 programs")
          .saw("the last one after " + last.toMillis() + " ms");
      assertThat(last).isLessThan(Duration.ofSeconds(1));
    }
  }

  @Test
  void the_configuration_file_may_be_edited_and_a_mistake_in_it_changes_nothing()
      throws IOException {
    Path file = Places.newDirectory("configuration").resolve("mesh-agent.properties");
    Path unused = Files.writeString(file, "client.rate-limit.rate=100000/s\n");
    server("a");
    Jvm client =
        world.loadClient().mesh("log.level", "info").agentArgument(file.toString()).start();
    client.awaitInstances(1);
    assertThat(client.load("calls n=50 threads=1").ok()).isEqualTo(50);

    Path unusedToo = Files.writeString(file, "client.rate-limit.rate=1/m\n");
    String said = client.awaitError(line -> line.contains("its settings are in force"), SOON);
    assertThat(said).contains("mesh-agent.properties was changed");
    assertThat(client.load("calls n=50 threads=1").failures("RESOURCE_EXHAUSTED"))
        .isGreaterThan(40);

    Path again = Files.writeString(file, "client.rate-limit.rate=all\n");
    String refused = client.awaitError(line -> line.contains("changes nothing yet"), SOON);
    assertThat(refused).contains("stay in force");
    assertThat(client.load("calls n=50 threads=1").failures("RESOURCE_EXHAUSTED"))
        .as("of " + again)
        .isGreaterThan(40);
  }
}
