package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.AgentCommand;
import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Somebody copies a new version over the jar while programs run with it: a class that is needed for
 * the first time after that must not be missing.
 */
@Thorough
class JarOverwrittenIT {

  private static final String SERVICE = "/services/helloworld.Greeter/";

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  @ParameterizedTest(name = "Java {0}")
  @CsvSource("17")
  @ThoroughRows({"8", "25"})
  void programs_go_on_and_leave_in_order(int jdk) throws IOException {
    world.with(Classpaths.MIDDLE, jdk);
    Path jar = Places.newDirectory("jar").resolve("mesh-agent.jar");
    Files.copy(Places.agentJar(), jar);
    Jvm server = world.flakyServer("a").leavingFast().agentJar(jar).start();
    server.awaitPort();
    Jvm client = world.loadClient().agentJar(jar).mesh("client.breaker.open-for", "1s").start();
    client.awaitInstances(1);
    assertThat(client.load("calls n=20").ok()).isEqualTo(20);

    byte[] other = new byte[3_000_000];
    new Random(1).nextBytes(other);
    Files.write(jar, other);

    server.ask("fail 100");
    LoadResult failing = client.load("calls n=100 threads=1");
    assertThat(failing.failed().keySet())
        .as(() -> client.described("a breaker that opens for the first time"))
        .anyMatch(status -> status.contains("circuit open"));
    server.ask("fail 0");
    await()
        .pollInterval(Duration.ofMillis(200))
        .atMost(Jvm.PATIENCE)
        .until(() -> client.load("calls n=5 threads=1").ok() == 5);
    Jvm another = world.flakyServer("b").start();
    another.awaitPort();
    client.awaitInstances(2);
    assertThat(server.metrics().sum("mesh_calls_in_flight")).isZero();
    client.awaitAnswersBy(Set.of("a", "b"), "calls n=100");

    assertThat(server.terminate()).isEqualTo(143);
    assertThat(ETCD.keys().get(SERVICE)).hasSize(1);
    assertThat(client.load("calls n=100").failed()).isEmpty();
    AgentCommand.detach(client);
    assertThat(client.load("calls n=1").ok()).as("to its dead target").isZero();
    client.say("quit");
    assertThat(client.awaitExit()).isZero();
    assertThat(server.stderr())
        .filteredOn(line -> line.contains("[mesh-agent]"))
        .as(() -> server.described("what was said"))
        .hasSize(1);
    assertThat(client.stderr())
        .filteredOn(line -> line.contains("[mesh-agent]") && !line.contains(Jvm.CIRCUIT))
        .as(() -> client.described("what was said"))
        .hasSize(2)
        .last()
        .asString()
        .contains("has let go of this program");
  }
}
