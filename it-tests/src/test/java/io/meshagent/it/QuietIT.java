package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.World;
import io.meshagent.it.programs.NoGrpc;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The program's output is the program's. Nothing of ours but one line at start, nothing of the VM.
 */
class QuietIT {

  @AutoClose private static final EtcdServer ETCD = EtcdServer.start();
  @AutoClose private final World world = World.on(ETCD);

  @ParameterizedTest(name = "Java {0}")
  @ValueSource(ints = {17, 25, 8})
  void one_line_at_start_and_nothing_else(int jdk) {
    world.with(io.meshagent.it.harness.Classpaths.MIDDLE, jdk);
    Jvm server = world.greeterServer(0, "a").plain().start();
    int port = server.awaitPort();
    server.admin();
    Jvm client =
        world
            .greeterClient("--rate", 20, "--seconds", 1, "--target", "localhost:" + port)
            .plain()
            .start();
    client.awaitExit();
    assertThat(server.terminate()).isEqualTo(143);

    assertThat(server.stdout()).containsExactly("a listens on port " + port, "a stopped");
    assertThat(client.stdout())
        .containsExactly("answered by a", "second 1: {a=20}", "summary: ok=20 failed=0 {}");
    for (Jvm jvm : new Jvm[] {server, client}) {
      assertThat(jvm.stderr())
          .as(() -> jvm.described("stderr"))
          .singleElement()
          .asString()
          .matches(
              "\\S+Z \\[mesh-agent] info: mesh-agent \\S+ governs gRPC 1\\.\\d+\\.\\d+: registry etcd"
                  + " http://127\\.0\\.0\\.1:\\d+, admin http://127\\.0\\.0\\.1:\\d+");
    }
  }

  @ParameterizedTest(name = "Java {0}")
  @ValueSource(ints = {17, 25, 8})
  void a_program_without_grpc_is_not_spoken_to_at_all(int jdk) {
    Jvm program = world.program("no-grpc", NoGrpc.class).on(jdk).plain().start();
    assertThat(program.awaitExit()).isZero();
    assertThat(program.stdout()).containsExactly("hello");
    assertThat(program.stderr()).isEmpty();
  }

  @ParameterizedTest(name = "level {0}")
  @ValueSource(strings = {"off"})
  void the_level_off_says_nothing(String level) {
    Jvm server = world.greeterServer(0, "a").mesh("log.level", level).start();
    server.awaitPort();
    server.terminate();
    assertThat(server.stderr()).isEmpty();
  }
}
