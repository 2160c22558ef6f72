package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Thorough;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a user got wrong costs one clear line each, and never the program. */
class BadConfigIT {

  @AutoClose private final World world = World.local();

  @Test
  void every_problem_of_a_file_is_told_in_one_line_and_the_program_runs() throws IOException {
    Path file = Places.newDirectory("config").resolve("mesh-agent.properties");
    Files.writeString(
        file,
        """
        client.timeout=soon
        clinet.timeout=2s
        server.rate-limit.rate@helloworld.Greeter=-5
        """);
    Jvm server = runs(world.flakyServer("a").property("mesh.config", file.toString()));
    List<String> warnings = warnings(server);
    assertThat(warnings).as(() -> server.described("three problems")).hasSize(3);
    assertThat(warnings).anyMatch(line -> line.contains("client.timeout") && line.contains("soon"));
    assertThat(warnings)
        .as("the nearest known key for a typo")
        .anyMatch(line -> line.contains("clinet.timeout") && line.contains("client.timeout"));
    assertThat(warnings)
        .anyMatch(line -> line.contains("server.rate-limit.rate") && line.contains("-5"));
  }

  @Thorough
  @Test
  void a_file_that_is_not_there_is_told_in_one_line() {
    Jvm server = runs(world.flakyServer("a").agentArgument("/does/not/exist.properties"));
    assertThat(warnings(server))
        .as(() -> server.described("one line"))
        .singleElement()
        .asString()
        .contains("/does/not/exist.properties");
  }

  @Thorough
  @Test
  void a_password_on_the_command_line_is_said_to_be_readable_in_one_line() {
    Jvm server = runs(world.flakyServer("a").mesh("etcd.password", "hunter2"));
    assertThat(warnings(server))
        .as(() -> server.described("one line"))
        .singleElement()
        .asString()
        .contains("etcd.password stands on a command line", "MESH_ETCD_PASSWORD")
        .doesNotContain("hunter2");
    Jvm other = runs(world.flakyServer("b").env("MESH_ETCD_PASSWORD", "hunter2"));
    assertThat(warnings(other)).as(() -> other.described("no line")).isEmpty();
  }

  @Thorough
  @Test
  void a_registry_directory_that_cannot_be_written_is_told_in_one_line() throws IOException {
    // Below a file, because root may write into any directory.
    Path file = Files.createFile(Places.newDirectory("config").resolve("file"));
    Jvm server = runs(world.flakyServer("a").mesh("registry.local.dir", file.resolve("registry")));
    server.admin();
    assertThat(warnings(server))
        .as(() -> server.described("one line"))
        .singleElement()
        .asString()
        .contains(file.toString());
  }

  @Thorough
  @Test
  void an_admin_port_that_is_taken_is_no_reason_to_be_silent_or_to_fail() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Jvm server = runs(world.flakyServer("a").mesh("admin.port", taken.getLocalPort()));
      assertThat(server.admin())
          .as("another one, which the line at start tells")
          .doesNotEndWith(":" + taken.getLocalPort());
      assertThat(server.metrics().text()).contains("mesh_");
      assertThat(warnings(server)).hasSizeLessThanOrEqualTo(1);
    }
  }

  @Thorough
  @Test
  void an_admin_host_that_is_not_ours_is_told_in_one_line() {
    Jvm server = runs(world.flakyServer("a").mesh("admin.host", "192.0.2.1"));
    server.awaitError(line -> line.contains("192.0.2.1"), Jvm.PATIENCE);
    assertThat(warnings(server)).as(() -> server.described("one line")).hasSize(1);
  }

  /** Starts the server and calls it, with a client that is as badly configured as can be. */
  private Jvm runs(JvmBuilder builder) {
    Jvm server = builder.start();
    int port = server.awaitPort();
    Jvm client = world.loadClient().withoutAgent().start();
    // A JVM that starts beside others may take seconds for its first call, agent or not.
    String calls = "calls n=10 deadline=60000 channel=target:localhost:" + port;
    assertThat(client.load(calls).ok()).isEqualTo(10);
    server.awaitError(line -> line.contains("governs gRPC"), Jvm.PATIENCE);
    return server;
  }

  private static List<String> warnings(Jvm jvm) {
    return jvm.stderr().stream().filter(line -> !line.contains("governs gRPC")).toList();
  }
}
