package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.meshagent.it.harness.AgentCommand;
import io.meshagent.it.harness.Console;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Commands;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Thorough;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** {@code java -jar mesh-agent.jar console} shows the whole mesh, and writes its documents. */
class ConsoleIT {

  private static final String NAME = "team/slow";

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  private static JsonObject edge(Console console, String from, String to) {
    for (JsonElement each : console.get("overview").getAsJsonArray("edges")) {
      JsonObject edge = each.getAsJsonObject();
      if (edge.get("from").getAsString().equals(from) && edge.get("to").getAsString().equals(to)) {
        return edge;
      }
    }
    return null;
  }

  @Test
  void a_port_that_was_asked_for_and_is_taken_is_said_in_a_sentence() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Commands.Result console = AgentCommand.on(ETCD, "console", "--port", taken.getLocalPort());

      assertThat(console.exitCode()).as(console::output).isEqualTo(1);
      assertThat(console.output().strip())
          .startsWith("The port " + taken.getLocalPort() + " of 127.0.0.1 is taken; end what")
          .doesNotContain("\n");
    }
  }

  @Thorough
  @Test
  void says_who_calls_whom_and_how_it_goes_once_programs_are_told_to_say_it() {
    world.flakyServer("a").mesh("app.name", "greeter").start().awaitPort();
    Jvm client = world.loadClient().mesh("app.name", "shop").start();
    client.awaitInstances(1);
    client.say("begin rate=50");
    Console console = Console.start(world);
    await("the greeter's instance")
        .atMost(Jvm.PATIENCE)
        .until(() -> console.get("overview").get("instances").getAsInt() == 1);
    assertThat(edge(console, "app:shop", "app:greeter")).isNull();
    assertThat(ETCD.keys().get("/mesh/agents/")).isEmpty();

    // By one document for all of them, while they run.
    ETCD.keys().put("/mesh/policies/console", "console.publish=1s\n");

    await("the calls")
        .atMost(Jvm.PATIENCE)
        .untilAsserted(
            () -> {
              JsonObject edge = edge(console, "app:shop", "app:greeter");
              assertThat(edge).isNotNull();
              assertThat(edge.get("rate").getAsDouble()).isPositive();
              assertThat(edge.get("failed").getAsDouble()).isZero();
              assertThat(edge.getAsJsonArray("methods").get(0).getAsJsonObject().get("method"))
                  .hasToString("\"SayHello\"");
            });
    assertThat(ETCD.keys().get("/mesh/agents/").values())
        .as("nothing of it outlives its program")
        .allSatisfy(entry -> assertThat(entry.lease()).isNotZero());
    await("both run the document")
        .atMost(Jvm.PATIENCE)
        .until(() -> inForce(console, "console") == 2);

    ETCD.keys().delete("/mesh/policies/console");
    await("no calls")
        .atMost(Jvm.PATIENCE)
        .until(() -> edge(console, "app:shop", "app:greeter") == null);
    client.say("end");
  }

  private static int inForce(Console console, String document) {
    for (JsonElement each : console.get("documents").getAsJsonArray("rows")) {
      JsonObject row = each.getAsJsonObject();
      if (row.get("document").getAsString().equals(document)) {
        return row.get("in force").getAsInt();
      }
    }
    return -1;
  }

  private static JsonObject json(HttpResponse<String> reply) {
    return JsonParser.parseString(reply.body()).getAsJsonObject();
  }

  @Test
  void who_has_the_token_writes_documents_and_takes_them_back() throws IOException {
    Console console = Console.start(world);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(console.tokenFile())))
        .isEqualTo("rw-------");
    String first = "client.timeout=20s\n";

    assertThat(console.post("write", "guessed", Console.draft(NAME, first, 0)).statusCode())
        .isEqualTo(401);
    assertThat(console.post("delete", "", Console.draft(NAME, "", 0)).statusCode()).isEqualTo(401);
    assertThat(ETCD.keys().get("/mesh/policies/")).isEmpty();

    String token = console.token();
    JsonObject mistaken = Console.draft(NAME, "client.timeuot=1s\n", 0);
    assertThat(json(console.post("check", "", mistaken)).getAsJsonArray("problems").toString())
        .contains("client.timeuot", "did you mean client.timeout");
    assertThat(console.post("write", token, mistaken).statusCode()).isEqualTo(422);

    long one =
        json(console.post("write", token, Console.draft(NAME, first, 0)))
            .get("revision")
            .getAsLong();
    assertThat(one).isPositive();
    HttpResponse<String> blind = console.post("write", token, Console.draft(NAME, "faults=off", 0));
    assertThat(blind.statusCode()).as(blind.body()).isEqualTo(409);

    JsonObject share = Console.draft(NAME, first, one);
    share.addProperty("share", "25");
    String second = json(console.post("check", "", share)).get("text").getAsString();
    assertThat(second).isEqualTo("client.timeout=20s\napply-to.percent=25\n");
    long two =
        json(console.post("write", token, Console.draft(NAME, second, one)))
            .get("revision")
            .getAsLong();
    assertThat(two).isGreaterThan(one);

    JsonObject before = console.get("document?name=team%2Fslow&before=" + two);
    assertThat(before.get("text").getAsString()).isEqualTo(first);
    assertThat(before.get("revision").getAsLong()).isEqualTo(one);
    assertThat(console.get("document?name=team%2Fslow&before=" + one).get("revision").getAsLong())
        .as("there was none")
        .isZero();
    HttpResponse<String> back = console.post("write", token, Console.draft(NAME, first, two));
    long three = json(back).get("revision").getAsLong();
    assertThat(ETCD.keys().get("/mesh/policies/").get("/mesh/policies/" + NAME).value())
        .isEqualTo(first);

    assertThat(console.post("delete", token, Console.draft(NAME, "", two)).statusCode())
        .isEqualTo(409);
    assertThat(console.post("delete", token, Console.draft(NAME, "", three)).statusCode())
        .isEqualTo(200);
    assertThat(ETCD.keys().get("/mesh/policies/")).isEmpty();
    assertThat(console.jvm().terminate()).isNotNegative();
    assertThat(console.tokenFile()).as("the token of this run").doesNotExist();
  }

  @Test
  void a_token_that_others_may_read_is_none() throws IOException {
    Path file = Places.newDirectory("token").resolve("token");
    Console console = Console.start(world, "--token-file", file);
    assertThat(console.tokenFile()).isEqualTo(file);
    assertThat(console.token()).hasSizeGreaterThan(30);
    int unused = console.jvm().terminate();
    assertThat(file).as("one that was asked for stays").exists();

    Path open = Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Jvm refused =
        world
            .launch("console")
            .withoutAgent()
            .jar(Places.agentJar())
            .args("console", "--port", 0, "--token-file", open)
            .start();
    assertThat(refused.awaitExit()).isEqualTo(1);
    assertThat(refused.stdout()).anyMatch(line -> line.contains("chmod 600"));
  }
}
