package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Programs that start while etcd can't be reached, and what happens when it comes. */
class EtcdAwayIT {

  @AutoClose private final EtcdServer etcd = EtcdServer.reserved();
  @AutoClose private final World world = World.on(etcd);

  @Test
  void programs_work_as_without_the_agent_and_register_when_etcd_comes() {
    Jvm server = world.greeterServer(0, "a").start();
    // However long a first call would wait for a directory that is slow: here it is known to be
    // away.
    Jvm load = world.loadClient().mesh("discover.first-wait", "60s").start();
    int port = server.awaitPort();

    LoadResult before =
        load.load("calls deadline=20000 threads=1 n=20 channel=target:localhost:" + port);
    assertThat(before.okBy()).as(() -> load.described("calls")).containsEntry("a", 20);
    assertThat(before.millis()).as("all 20 calls, the first one included").isLessThan(10_000);

    etcd.restart();
    String key = "/services/helloworld.Greeter/127.0.0.1:" + port;
    await("the registration")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(etcd.keys().get("/services/")).containsOnlyKeys(key));
    await("the directory of the client")
        .atMost(Duration.ofSeconds(60))
        .until(() -> load.metrics().sum("mesh_directory_instances") >= 1);
    assertThat(load.load("calls channel=target:localhost:1 n=20").okBy()).containsEntry("a", 20);
    assertThat(load.stderr().stream().filter(line -> line.contains("etcd")).count())
        .as(() -> load.described("one line at start, one that etcd is away, one that it is back"))
        .isLessThanOrEqualTo(3);
  }

  @Thorough
  @Test
  void nothing_is_forgotten_while_etcd_is_down() {
    etcd.restart();
    Jvm server = world.greeterServer(0, "a").start();
    Jvm load = world.loadClient().start();
    server.awaitPort();
    load.awaitInstances(1);
    assertThat(load.load("calls n=10").ok()).isEqualTo(10);

    etcd.kill9();
    LoadResult down = load.load("calls n=300 rate=100 threads=2");
    assertThat(down.okBy()).as(() -> load.described("calls")).containsEntry("a", 300);
    // A channel that was built only now.
    assertThat(load.load("calls channel=target:localhost:2 n=10").ok()).isEqualTo(10);
    etcd.restart();
    assertThat(load.load("calls n=300 rate=100 threads=2").ok()).isEqualTo(300);
  }
}
