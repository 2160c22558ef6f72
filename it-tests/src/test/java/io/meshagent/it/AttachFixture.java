package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.AgentCommand;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.World;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;

/** Programs for an agent to come into, and what shows that it is there, or gone altogether. */
abstract class AttachFixture {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String KEYS = "/services/helloworld.Greeter/";
  private static final EtcdServer ETCD = EtcdServer.shared();

  @AutoClose final World world = World.on(ETCD);

  static String governs(Jvm jvm, String grpc, String what) {
    return "pid " + jvm.pid() + ": governs gRPC " + grpc + ": " + what + ".";
  }

  void awaitKeys(Jvm... servers) {
    String[] keys = new String[servers.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = KEYS + "127.0.0.1:" + servers[i].awaitPort();
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(ETCD.keys().get(KEYS)).containsOnlyKeys(keys));
  }

  static void awaitNoThreadOfTheAgent(Jvm jvm) {
    await("no thread of the agent's in " + jvm)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () ->
                assertThat(AgentCommand.jcmd(jvm, "Thread.print").lines())
                    .noneMatch(line -> line.startsWith("\"mesh-agent")));
  }

  static void awaitNoLoaderOfTheAgent(Jvm jvm) {
    await("no loader of the agent's in " + jvm)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () ->
                assertThat(AgentCommand.jcmd(jvm, "GC.class_histogram"))
                    .doesNotContain("io.meshagent.bootstrap.AgentLoader"));
  }

  /** The VM's own note on newer Java, our lines, and nothing that failed. */
  static void assertNoTrouble(Jvm jvm) {
    assertThat(jvm.stderr())
        .as(() -> jvm.described("stderr"))
        .allMatch(
            line ->
                line.isEmpty()
                    || line.startsWith("WARNING: ")
                    || line.contains("[mesh-agent] info: "));
  }
}
