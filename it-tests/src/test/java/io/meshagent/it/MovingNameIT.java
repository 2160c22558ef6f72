package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.Ports;
import io.meshagent.it.tools.ring.LongForm;
import io.meshagent.it.tools.ring.Thorough;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An entry with a name, as a pod of a stateful set has one, and the name gets another address. */
@Thorough
class MovingNameIT {

  private static final String NAME = "pod-0.test";
  private static final EtcdServer ETCD = EtcdServer.shared();

  @AutoClose
  private final World world = World.on(ETCD).with(Classpaths.NEWEST, Runtime.version().feature());

  private final Path hosts = Places.newDirectory("names").resolve("hosts");
  private final int port = Ports.free();
  private Jvm before;
  private Jvm client;

  @BeforeEach
  void start() {
    nameIsAt("127.0.0.2");
    before = server("before", "127.0.0.2");
    ETCD.keys().put("/services/helloworld.Greeter/" + NAME + ":" + port, NAME + ":" + port);
    client =
        world
            .loadClient()
            .property("jdk.net.hosts.file", hosts.toString())
            .property("sun.net.inetaddr.ttl", "1")
            .mesh("client.breaker.enabled", false)
            .start();
    client.awaitInstances(1);
    client.awaitAnswersBy(Set.of("before"), "calls n=10");
  }

  private Jvm server(String name, String host) {
    Jvm server = world.flakyServer(name, "host=" + host, "port=" + port).withoutAgent().start();
    server.awaitPort();
    return server;
  }

  private void nameIsAt(String address) {
    try {
      Path next = hosts.resolveSibling("next");
      Files.writeString(next, "127.0.0.1 localhost\n" + address + " " + NAME + "\n");
      Files.move(next, hosts, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** By then the pauses between two tries to connect are long, and the name must not wait. */
  @Test
  void a_refused_connection_asks_for_the_name_again() {
    before.kill9();
    LoadResult failing = client.load("calls n=60 rate=10");
    assertThat(failing.okBy()).isEmpty();

    server("after", "127.0.0.3");
    nameIsAt("127.0.0.3");

    await("calls at the new address")
        .atMost(Duration.ofSeconds(15))
        .until(() -> client.load("calls n=5").okBy().containsKey("after"));
    client.awaitAnswersBy(Set.of("after"), "calls n=20");
  }

  /** No connection fails: only who asks knows. */
  @LongForm
  @Test
  void a_name_is_asked_for_every_half_minute() {
    server("after", "127.0.0.3");
    nameIsAt("127.0.0.3");

    await("calls at the new address")
        .atMost(Duration.ofSeconds(45))
        .until(() -> client.load("calls n=5").okBy().containsKey("after"));
    client.awaitAnswersBy(Set.of("after"), "calls n=20");
  }
}
