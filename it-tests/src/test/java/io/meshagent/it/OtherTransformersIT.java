package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.AgentJars;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.World;
import io.meshagent.it.programs.ChainCell;
import io.meshagent.it.programs.LoadingAgent;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The VM shows every class of the agent to every other agent in the JVM, in the middle of loading
 * it. Whatever those load then through the loader that they are told of, and on whatever thread,
 * nobody waits for ever, no class is there twice, and the agent starts whole.
 */
class OtherTransformersIT {

  private static final Pattern TOLD =
      Pattern.compile("loading agent: (\\d+) seen, (\\d+) stuck (.*)");

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  @ParameterizedTest(name = "on another thread: {0}, before ours: {1}, gRPC {2} on Java {3}")
  @CsvSource("true,false,1.45.4,17")
  @ThoroughRows({
    "false,true,1.45.4,17",
    "false,false,1.45.4,8",
    "true,true,1.45.4,8",
    "false,true,1.85.1,11",
    "true,true,1.85.1,25",
    "false,false,1.85.1,25"
  })
  void load_the_class_that_is_being_loaded(boolean across, boolean before, String grpc, int jdk) {
    Jvm cell =
        world
            .with(grpc, jdk)
            .program("chain", ChainCell.class)
            .otherAgent(AgentJars.of(LoadingAgent.class), across ? "=across" : "", before)
            .leavingFast()
            .start();
    cell.await(line -> line.startsWith("port "), Duration.ofSeconds(90));
    await("registered")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(ETCD.keys().get("/services/chain."))
                    .as(() -> cell.described("registered"))
                    .hasSize(2));
    cell.awaitDirectory(2);
    assertThat(cell.ask("unary")).isEqualTo("back");
    assertThat(cell.ask("stream")).isEqualTo("[back] x 3");
    cell.say("quit");
    assertThat(cell.awaitExit(Duration.ofSeconds(60))).isZero();
    Matcher told = TOLD.matcher(cell.stdout().get(cell.stdout().size() - 1));
    assertThat(told.matches()).as(() -> cell.described("told")).isTrue();
    assertThat(Integer.parseInt(told.group(1))).as("classes seen").isGreaterThan(1_000);
    assertThat(told.group(2)).as(() -> cell.described("stuck")).isEqualTo("0");
    assertThat(told.group(3)).as(() -> cell.described("failures")).isEqualTo("{}");
    assertThat(cell.stderr())
        .as(() -> cell.described("the line at start"))
        .filteredOn(line -> line.contains("[mesh-agent]"))
        .hasSize(1)
        .allMatch(line -> line.contains(" governs gRPC "));
  }
}
