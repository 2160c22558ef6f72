package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.AgentCommand;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Commands;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Thorough;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a person sees and steers of a mesh from a shell. */
class CommandsIT {

  private static final String METHOD = "helloworld.Greeter/SayHello";

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  private static Commands.Result run(Object... words) {
    return AgentCommand.on(ETCD, words);
  }

  @Test
  void the_jar_says_its_version() {
    Commands.Result version = AgentCommand.run("--version");

    assertThat(version.exitCode()).as(version::output).isZero();
    assertThat(version.output().strip())
        .matches("mesh-agent \\d[\\w.-]* \\((commit [0-9a-f]{40}(-dirty)?, )?Java [\\w.+-]+\\)")
        .isEqualTo(AgentCommand.run("version").output().strip());
  }

  @Thorough
  @Test
  void services_agents_and_calls_are_listed() {
    int port =
        world
            .flakyServer("a")
            .mesh("app.name", "greeter")
            .mesh("app.version", "7")
            .start()
            .awaitPort();
    Jvm client = world.loadClient().mesh("app.name", "shop").start();
    client.awaitInstances(1);

    Commands.Result services = run("services");
    assertThat(services.exitCode()).as(services::output).isZero();
    assertThat(services.output())
        .contains("helloworld.Greeter  1 instance")
        .containsPattern("127\\.0\\.0\\.1:" + port + " +greeter +7 ");
    assertThat(run("services", "helloworld.Greeter", "--json").output())
        .contains("\"app\": \"greeter\"");
    Commands.Result unknown = run("services", "helloworld.Greter");
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.output()).contains("Did you mean helloworld.Greeter?");

    assertThat(run("agents").output()).contains("greeter", "reports none");
    ETCD.keys().put("/mesh/policies/base", "client.breaker.window=10s\n");
    await("both report")
        .atMost(Jvm.PATIENCE)
        .until(() -> ETCD.keys().get("/mesh/agents/").size() == 2);
    Commands.Result agents = run("agents");
    assertThat(agents.exitCode()).as(agents::output).isZero();
    assertThat(agents.output()).contains("greeter", "shop", "base@").doesNotContain("reports none");

    client.say("begin rate=100");
    await("calls are counted")
        .atMost(Jvm.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        AgentCommand.run(
                                "calls", "--once", "--url", client.admin(), "--every", "1s")
                            .output())
                    .containsPattern("client +" + METHOD + " +[1-9]"));
    client.say("end");
    assertThat(run("services", "--for").exitCode()).isEqualTo(2);
  }

  @Thorough
  @Test
  void circuits_and_faults_are_switched_in_all_programs_by_one_command() throws IOException {
    world.flakyServer("a").start().awaitPort();
    Jvm client = world.loadClient().mesh("client.fault", "abort UNAVAILABLE 100%").start();
    client.awaitInstances(1);
    assertThat(client.load("calls n=5 threads=1").ok()).isZero();
    assertThat(AgentCommand.run("explain", METHOD, "--url", client.admin()).output())
        .contains("! Faults are injected into a share of the calls by client.fault=abort");

    assertThat(run("faults", "off").exitCode()).isZero();
    assertThat(client.load("calls n=5 threads=1").ok()).isEqualTo(5);

    Commands.Result open = run("breaker", "open", METHOD);
    assertThat(open.exitCode()).as(open::output).isZero();
    assertThat(client.load("calls n=5 threads=1").failures("circuit forced open")).isEqualTo(5);
    assertThat(AgentCommand.run("explain", METHOD, "--url", client.admin()).output())
        .contains("! The circuit of " + METHOD + " is forced open by client.breaker.forced@");

    assertThat(run("policies", "get", "breakers").output())
        .isEqualTo("client.breaker.forced@" + METHOD + "=open\n");
    Path file = Places.newDirectory("documents").resolve("breakers");
    Path unused = Files.writeString(file, "client.breaker.forced@" + METHOD + "=closed\n");
    Commands.Result diff = run("policies", "diff", "breakers", file);
    assertThat(diff.exitCode()).isEqualTo(1);
    assertThat(diff.output()).contains("- client.breaker.forced@", "+ client.breaker.forced@");
    assertThat(run("policies", "check", file).exitCode()).isZero();
    assertThat(run("breaker", "reset", "a.B/C").output()).contains("does not set");
    assertThat(run("breaker", "reset", METHOD).output()).contains("Document breakers is deleted");
    assertThat(client.load("calls n=5 threads=1").ok()).isEqualTo(5);
    assertThat(run("policies", "list", "--json").output()).contains("\"document\": \"faults\"");
  }

  @Thorough
  @Test
  void who_watches_sees_instances_come_and_go() throws Exception {
    Path said = Places.newDirectory("watch").resolve("out");
    Process watch =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dmesh.etcd.endpoints=" + ETCD.endpoint(),
                "-jar",
                Places.agentJar().toString(),
                "watch",
                "helloworld.Greeter")
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      await("it watches").atMost(Jvm.PATIENCE).until(() -> text(said).contains("watches etcd"));
      Jvm server = world.flakyServer("a").leavingFast().start();
      String place = "helloworld.Greeter 127.0.0.1:" + server.awaitPort();
      await("it came").atMost(Jvm.PATIENCE).until(() -> text(said).contains(" + " + place));
      server.terminate();
      await("it went").atMost(Jvm.PATIENCE).until(() -> text(said).contains(" - " + place));
    } finally {
      watch.destroy();
    }
    assertThat(run("watch", "--for", "100ms").exitCode()).isZero();
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file);
  }
}
