package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.AgentCommand;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Commands;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Thorough;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** {@code java -jar mesh-agent.jar policies …} changes what programs do, and says who follows. */
class PoliciesIT {

  private static final Duration SOON = Jvm.PATIENCE;
  private static final String METHOD = "helloworld.Greeter/SayHello";

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  private Jvm client() {
    world.flakyServer("a").mesh("app.name", "greeter").start().awaitPort();
    Jvm client = world.loadClient().mesh("app.name", "caller").start();
    client.awaitInstances(1);
    // Who has reported before is waited for.
    ETCD.keys().put("/mesh/policies/base", "client.breaker.window=10s\n");
    await("both programs report")
        .atMost(SOON)
        .until(() -> ETCD.keys().get("/mesh/agents/").size() == 2);
    return client;
  }

  private static Commands.Result policies(Object... arguments) {
    Object[] all = new Object[arguments.length + 1];
    all[0] = "policies";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return AgentCommand.on(ETCD, all);
  }

  @Test
  void a_circuit_is_forced_open_and_let_go_by_one_command() {
    Jvm client = client();
    assertThat(client.load("calls n=20").ok()).isEqualTo(20);

    Commands.Result set =
        policies("set", "emergency", "client.breaker.forced@helloworld.Greeter=open");
    assertThat(set.ok()).as(set::output).isTrue();
    assertThat(set.output())
        .contains("Document emergency is written (revision ", "2 programs: run it:", "caller ");
    LoadResult refused = client.load("calls n=50 threads=1");
    assertThat(refused.failures("circuit forced open for " + METHOD))
        .as(() -> client.described(refused.toString()))
        .isEqualTo(50);
    assertThat(
            client
                .metrics()
                .sum("mesh_breaker_state", "grpc_method", METHOD, "state", "forced_open"))
        .isEqualTo(1);
    assertThat(client.awaitError(line -> line.contains("circuits are forced open by"), SOON))
        .contains("client.breaker.forced@helloworld.Greeter");

    assertThat(policies("show", "emergency").output())
        .isEqualTo("client.breaker.forced@helloworld.Greeter=open\n");
    assertThat(policies().output()).contains("emergency (revision ", "): in force in 2 programs");

    Commands.Result gone = policies("delete", "emergency");
    assertThat(gone.output()).contains("is deleted", "2 programs: no longer run it:");
    await("calls are let in")
        .atMost(SOON)
        .until(() -> client.load("calls n=20 threads=1").ok() == 20);
    assertThat(client.awaitError(line -> line.contains("no longer forced by"), SOON)).isNotNull();
  }

  @Thorough
  @Test
  void one_with_mistakes_is_not_written_and_one_that_a_program_refuses_is_told_of()
      throws IOException {
    Jvm client = client();
    Path file = Places.newDirectory("documents").resolve("slow");
    Path unused = Files.writeString(file, "# while it is slow\nclient.timeout=20s\n");
    Commands.Result put = policies("put", "team/slow", file);
    assertThat(put.output()).contains("2 programs: run it:");

    Path bad = Files.writeString(file, "client.timeuot=1ms\nclient.balance=fast\napp.name=x\n");
    Commands.Result refused = policies("put", "team/slow", bad);
    assertThat(refused.ok()).isFalse();
    assertThat(refused.output())
        .contains(
            ":1: client.timeuot", ":2: client.balance", ":3: app.name", "Nothing was written");
    Commands.Result set = policies("set", "team/slow", "faults=off", "client.timeout=30s");
    assertThat(set.ok()).as(set::output).isTrue();
    assertThat(policies("show", "team/slow").output())
        .isEqualTo("# while it is slow\nclient.timeout=30s\nfaults=off\n");

    // As one who does not ask us would: an older agent may refuse what this one takes.
    ETCD.keys().put("/mesh/policies/secret", "etcd.password=hunter2\n");
    Commands.Result list = policies("list");
    assertThat(list.output()).contains("secret (revision ");
    await("both have refused it")
        .atMost(SOON)
        .until(() -> policies("list").output().contains("refused by 2 programs"));
    assertThat(policies("show", "secret").output()).doesNotContain("hunter2");
    ETCD.keys().delete("/mesh/policies/secret");
    assertThat(client.load("calls n=20").ok()).isEqualTo(20);
  }

  @Test
  void without_etcd_it_says_what_to_do() {
    Commands.Result none = AgentCommand.run("policies", "list");
    assertThat(none.ok()).isFalse();
    assertThat(none.output()).contains("etcd.endpoints is not set");
    assertThat(policies("show", "nothing").output()).contains("There is no document nothing");
  }
}
