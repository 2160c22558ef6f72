package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Ports;
import io.meshagent.it.tools.ring.Thorough;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What the program could do without the agent it can do with it. */
class NeverWorseIT {

  private static final String KEYS = "/services/helloworld.Greeter/";

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  @Thorough
  @Test
  void a_jvm_whose_shutdown_of_a_server_would_never_return_ends_on_sigterm() {
    Jvm server = world.flakyServer("stuck", "stuck").mesh("drain.delay", "500ms").start();
    int port = server.awaitPort();
    await("its key")
        .atMost(Jvm.PATIENCE)
        .until(() -> ETCD.keys().get(KEYS).containsKey(KEYS + "127.0.0.1:" + port));
    server.signal("TERM");
    assertThat(server.awaitExit()).isEqualTo(143);
    assertThat(ETCD.keys().get(KEYS)).as("and is not registered any more").isEmpty();
  }

  @Test
  void instances_out_of_reach_are_no_reason_not_to_use_the_channels_own_target() {
    Jvm plain = world.flakyServer("plain").withoutAgent().start();
    String channel = "channel=target:localhost:" + plain.awaitPort();
    ETCD.keys().put(KEYS + "127.0.0.1:" + Ports.free(), "127.0.0.1:" + Ports.free());
    ETCD.keys().put(KEYS + "127.0.0.1:" + Ports.free(), "127.0.0.1:" + Ports.free());
    Jvm client = world.loadClient().start();
    client.awaitInstances(2);

    LoadResult result = client.load("calls n=50 " + channel);
    assertThat(result.okBy())
        .as(() -> client.described(result.toString()))
        .containsOnlyKeys("plain");
    assertThat(result.failures()).as(() -> client.described(result.toString())).isZero();
    await("one line says so")
        .atMost(Jvm.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(client.stderr())
                    .filteredOn(line -> line.contains("the channel's own target until one can"))
                    .hasSize(1));
    LoadResult nowhere = client.load("calls n=1");
    assertThat(nowhere.failures("none of the 2 registered instances"))
        .as("a target that is of no use is not what is blamed: " + nowhere)
        .isOne();

    Jvm strict = world.loadClient().mesh("discover.fallback", "fail").start();
    strict.awaitInstances(2);
    assertThat(strict.load("calls n=5 " + channel).failures("none of the 2 registered"))
        .isEqualTo(5);
    assertThat(
            strict
                .load("calls n=5 service=not.There " + channel)
                .failures("no instance of not.There is registered (discover.fallback=fail)"))
        .isEqualTo(5);
    // An instance that comes is used at once.
    world.flakyServer("real").start().awaitPort();
    client.awaitInstances(3);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> client.load("calls n=10 " + channel).okBy().keySet().contains("real"));
  }

  @Test
  void an_admin_port_that_is_taken_does_not_take_the_next_one_from_the_program()
      throws IOException {
    int port = twoFreePorts();
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(taken.isBound()).isTrue();
      // Its channel is made first, and so is the page.
      Jvm server = world.flakyServer("a", "port=" + (port + 1)).mesh("admin.port", port).start();
      assertThat(server.awaitPort()).isEqualTo(port + 1);
      await("the line at start tells the page's address")
          .atMost(Jvm.PATIENCE)
          .until(() -> server.stderr().stream().anyMatch(line -> line.contains("admin http://")));
    }
  }

  private static int twoFreePorts() throws IOException {
    while (true) {
      int port = Ports.free();
      try (ServerSocket next = new ServerSocket(port + 1, 1, InetAddress.getLoopbackAddress())) {
        return next.getLocalPort() - 1;
      } catch (BindException e) {
        // The next pair.
      }
    }
  }

  @Thorough
  @Test
  void a_service_that_a_pattern_excludes_is_not_registered_wherever_its_star_stands() {
    Jvm server =
        world
            .flakyServer("a", "services=t.Admin,t.User,t.other.Admin")
            .mesh("register.exclude", "*.Admin")
            .start();
    int port = server.awaitPort();
    await()
        .atMost(Jvm.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(ETCD.keys().get("/services/"))
                    .containsOnlyKeys("/services/t.User/127.0.0.1:" + port));
  }

  @Thorough
  @Test
  void the_line_at_start_comes_although_gRPC_was_only_loaded() {
    Jvm client = world.loadClient().start();
    client.await("ready");
    await("before any call")
        .atMost(Duration.ofMinutes(2))
        .until(() -> client.stderr().stream().anyMatch(line -> line.contains("admin http://")));
  }
}
