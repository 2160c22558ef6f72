package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import io.meshagent.it.harness.EtcdKeys;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What stands in etcd of the servers of a JVM, from their start to their end. */
class RegistersAndWithdrawsIT {

  private static final String ALL = "/services/";
  private static final String GREETER = "/services/helloworld.Greeter/127.0.0.1:";

  @AutoClose private static final EtcdServer ETCD = EtcdServer.start();
  @AutoClose private final World world = World.on(ETCD);

  @AfterEach
  void forget() {
    world.close();
    ETCD.keys().delete(ALL);
  }

  @Test
  void every_server_is_registered_under_every_service_until_it_is_shut_down() {
    Jvm two = world.twoServers().mesh("app.name", "two").start();
    List<String> ports = List.of(two.await("ports ").substring("ports ".length()).split(" ", -1));
    String first = GREETER + ports.get(0);
    String second = GREETER + ports.get(1);
    String other = "/services/two.Second/127.0.0.1:" + ports.get(1);

    // Health, reflection and channelz are hosted by the first server and left out.
    Map<String, EtcdKeys.Entry> entries = awaitKeys(first, second, other);
    assertThat(entries.values().stream().map(EtcdKeys.Entry::lease).collect(Collectors.toSet()))
        .as("one lease for all keys of a JVM")
        .hasSize(1)
        .doesNotContain(0L);
    EtcdKeys.Entry entry = entries.get(other);
    assertThat(entry.value())
        .as("as etcd's own naming package for Go writes it")
        .startsWith("{\"Op\":0,\"Addr\":\"127.0.0.1:" + ports.get(1) + "\",\"Metadata\":null,")
        .doesNotContain("\n");
    JsonObject metadata = entry.json().getAsJsonObject("Mesh");
    assertThat(metadata.get("app").getAsString()).isEqualTo("two");
    assertThat(metadata.get("scheme").getAsString()).isEqualTo("http");
    assertThat(metadata.get("admin").getAsString())
        .isEqualTo(two.admin().substring("http://".length()));
    assertThat(metadata.keySet()).contains("agent", "started", "weight");

    two.ask("shutdown first");
    awaitKeys(second, other);
    two.ask("shutdown second");
    awaitKeys();
  }

  @Thorough
  @Test
  void who_discovers_nothing_lists_and_watches_nothing() throws IOException, InterruptedException {
    long watched = started("Watch");
    // Own entries are written and read in transactions, so a range is a list.
    long listed = started("Range");
    Jvm server =
        world
            .greeterServer(0, "a")
            .mesh("discover.enabled", "false")
            .mesh("documents.enabled", "false")
            .start();
    await("its entry")
        .atMost(Jvm.PATIENCE)
        .until(() -> server.metrics().sum("mesh_registration_registered") == 1);
    assertThat(server.terminate()).isEqualTo(143);
    assertThat(started("Watch")).as("streams for watches, in all its life").isEqualTo(watched);
    assertThat(started("Range")).as("lists, in all its life").isEqualTo(listed);
    assertThat(ETCD.keys().get(ALL)).isEmpty();
    // And who does, does.
    awaitKeys(GREETER + world.greeterServer(0, "b").start().awaitPort());
    await().atMost(Jvm.PATIENCE).until(() -> started("Watch") > watched);
  }

  private static long started(String method) throws IOException, InterruptedException {
    String metrics =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(ETCD.endpoint() + "/metrics")).build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    return metrics
        .lines()
        .filter(line -> line.startsWith("grpc_server_started_total"))
        .filter(line -> line.contains("grpc_method=\"" + method + "\""))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void sigterm_withdraws_before_the_jvm_is_gone() {
    Jvm server = world.greeterServer(0, "a").start();
    awaitKeys(GREETER + server.awaitPort());
    assertThat(server.terminate()).isEqualTo(143);
    assertThat(ETCD.keys().get(ALL)).isEmpty();
  }

  @Test
  void registers_again_after_the_lease_was_lost_and_after_etcd_was_wiped() {
    Jvm server = world.greeterServer(0, "a").start();
    String key = GREETER + server.awaitPort();
    long lease = awaitKeys(key).get(key).lease();
    ETCD.keys().revoke(lease);
    await("a new lease")
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> ETCD.keys().get(ALL).get(key), entry -> entry != null && entry.lease() != lease);

    ETCD.wipe();
    await("all keys again").atMost(Duration.ofSeconds(60)).untilAsserted(() -> awaitKeys(key));
  }

  @Test
  void a_wildcard_and_a_loopback_server_are_registered_where_they_can_be_reached() {
    world.twoServers().withoutMesh("register.host").start();
    Map<String, EtcdKeys.Entry> entries =
        await().atMost(Jvm.PATIENCE).until(() -> ETCD.keys().get(ALL), keys -> keys.size() == 3);
    for (String key : entries.keySet()) {
      String address = key.substring(key.lastIndexOf('/') + 1);
      String host = address.substring(0, address.lastIndexOf(':')).replaceAll("[\\[\\]]", "");
      int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
      assertThat(host).isNotIn("0.0.0.0", "::", "0:0:0:0:0:0:0:0");
      assertThatCode(
              () -> {
                try (Socket socket = new Socket()) {
                  socket.connect(new InetSocketAddress(host, port), 5_000);
                }
              })
          .as(key)
          .doesNotThrowAnyException();
    }
  }

  private static Map<String, EtcdKeys.Entry> awaitKeys(String... keys) {
    return await("the keys " + List.of(keys))
        .atMost(Jvm.PATIENCE)
        .until(
            () -> ETCD.keys().get(ALL), entries -> entries.keySet().equals(java.util.Set.of(keys)));
  }
}
