package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.World;
import io.meshagent.it.programs.NoGrpc;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The program's output is the program's. Nothing of ours but one line at start, nothing of the VM.
 */
class QuietIT {

  private static final Pattern START =
      Pattern.compile(
          "\\S+Z \\[mesh-agent] info: mesh-agent \\S+ governs gRPC 1\\.\\d+\\.\\d+: registry etcd"
              + " http://127\\.0\\.0\\.1:\\d+, admin http://127\\.0\\.0\\.1:\\d+");

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  @ParameterizedTest(name = "Java {0}")
  @ValueSource(ints = 17)
  @ThoroughRows({"25", "8"})
  void one_line_at_start_and_nothing_else(int jdk) {
    world.with(Classpaths.MIDDLE, jdk);
    Run without = run(JvmBuilder::withoutAgent);
    Run with = run(builder -> builder);
    check(with.server(), without.server(), "a listens on port " + with.port(), "a stopped");
    check(
        with.client(),
        without.client(),
        "answered by a",
        "second 1: {a=20}",
        "summary: ok=20 failed=0 {}");
  }

  private record Run(Jvm server, Jvm client, int port) {}

  /** The sample's server and client as a user starts them, from start to end. */
  private Run run(UnaryOperator<JvmBuilder> agent) {
    Jvm server = agent.apply(world.greeterServer(0, "a").plain()).start();
    int port = server.awaitPort();
    Jvm client =
        agent
            .apply(
                world
                    .greeterClient("--rate", 20, "--seconds", 1, "--target", "localhost:" + port)
                    .plain())
            .start();
    client.awaitExit();
    assertThat(server.terminate()).isEqualTo(143);
    return new Run(server, client, port);
  }

  /** On newer Java the program's own libraries make the VM warn; that is theirs to say. */
  private static void check(Jvm with, Jvm without, String... stdout) {
    assertThat(with.stdout()).containsExactly(stdout);
    List<String> ours = new ArrayList<>(with.stderr());
    ours.removeIf(START.asMatchPredicate());
    assertThat(ours)
        .as(() -> with.described("stderr but for the line at start"))
        .isEqualTo(without.stderr());
    assertThat(with.stderr()).as("one line at start").hasSize(without.stderr().size() + 1);
  }

  @ParameterizedTest(name = "Java {0}")
  @ValueSource(ints = {17, 25})
  @ThoroughRows("8")
  void a_program_without_grpc_is_not_spoken_to_at_all(int jdk) {
    Jvm program = world.program("no-grpc", NoGrpc.class).on(jdk).plain().start();
    assertThat(program.awaitExit()).isZero();
    assertThat(program.stdout()).containsExactly("hello");
    assertThat(program.stderr()).isEmpty();
  }

  @Thorough
  @Test
  void the_level_off_says_nothing() {
    Jvm server = world.greeterServer(0, "a").mesh("log.level", "off").start();
    server.awaitPort();
    server.terminate();
    assertThat(server.stderr()).isEmpty();
  }
}
