package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** gRPC's own interoperability programs, the client pointed at a port where nobody listens. */
class InteropIT {

  private static final List<String> CASES =
      List.of(
          "empty_unary",
          "large_unary",
          "client_streaming",
          "server_streaming",
          "ping_pong",
          "status_code_and_message",
          "cancel_after_begin",
          "timeout_on_sleeping_server");

  @AutoClose private final EtcdServer etcd = EtcdServer.start();
  @AutoClose private final World world = World.on(etcd);

  @ParameterizedTest(name = "grpc-interop-testing {0}")
  @ValueSource(strings = {"1.30.2", "1.76.0"})
  void every_case_passes_through_the_agent(String version) throws IOException {
    String classPath = Classpaths.of("io.grpc:grpc-interop-testing:" + version);
    int port = freePort();
    Jvm server =
        world
            .launch("interop-server")
            .main(classPath, "io.grpc.testing.integration.TestServiceServer")
            .args("--port=" + port, "--use_tls=false")
            .start();
    await()
        .atMost(Jvm.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(etcd.keys().get("/services/"))
                    .as(() -> server.described("registered"))
                    .containsKey("/services/grpc.testing.TestService/127.0.0.1:" + port));
    SoftAssertions all = new SoftAssertions();
    for (String name : CASES) {
      try (Jvm client =
          world
              .launch(name)
              .main(classPath, "io.grpc.testing.integration.TestServiceClient")
              .args("--server_host=localhost", "--server_port=1", "--use_tls=false")
              .args("--test_case=" + name)
              .start()) {
        int exit = client.awaitExit(Duration.ofSeconds(60));
        all.assertThat(exit).as(() -> client.described(name)).isZero();
      } catch (AssertionError e) {
        all.fail(name, e);
      }
    }
    all.assertAll();
  }

  /**
   * The program can't say which port the system chose, so it is given one that was free just now.
   */
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
