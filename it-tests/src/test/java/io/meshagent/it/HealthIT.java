package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service is registered while the program's own health service says that it serves. */
class HealthIT {

  private static final String KEY = "/services/helloworld.Greeter/127.0.0.1:";

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  @ParameterizedTest(name = "{0} on gRPC {1}")
  @CsvSource("manager,newest")
  @ThoroughRows({"check,1.22", "check,newest"})
  void calls_go_elsewhere_while_a_service_is_not_serving(String health, String version) {
    String grpc = version.equals("newest") ? Classpaths.NEWEST : Classpaths.FLOOR;
    world.with(grpc, Runtime.version().feature());
    JvmBuilder builder =
        health.equals("manager")
            ? world.leavingServerWithHealth("a", "health=manager")
            : world.leavingServer("a", "health=" + health);
    Jvm a = builder.mesh("drain.delay", "1s").start();
    String key = KEY + a.awaitPort();
    world.flakyServer("b").start().awaitPort();
    Jvm client = world.loadClient().start();
    client.awaitInstances(2);
    client.load("begin rate=100 name=sleep:20");
    await().atMost(Jvm.PATIENCE).until(() -> client.load("count").okBy().size() == 2);

    a.ask("status 2");
    awaitKey(key, false);
    client.awaitInstances(1);
    // Those under way on it, and those that are sent to it until the channel knows.
    await().atMost(Jvm.PATIENCE).until(() -> Integer.parseInt(client.ask("open")) < 10);
    int byA = client.load("count").okBy().get("a");
    int byB = client.load("count").okBy().get("b");
    await().atMost(Jvm.PATIENCE).until(() -> client.load("count").okBy().get("b") > byB + 50);
    assertThat(client.load("count").okBy().get("a")).isBetween(byA, byA + 10);

    a.ask("status 1");
    awaitKey(key, true);
    await().atMost(Jvm.PATIENCE).until(() -> client.load("count").okBy().get("a") > byA + 50);
    LoadResult all = client.load("end");
    Scenario.of("a service says NOT_SERVING, then SERVING (" + health + ", gRPC " + grpc + ")")
        .saw("100 calls/s, %d calls, %d failed".formatted(all.ok(), all.failures()));
    assertThat(all.failures()).as(() -> client.described(all.toString())).isZero();
    assertThat(a.stderr()).as("nothing to say").hasSize(1);
  }

  private static void awaitKey(String key, boolean present) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> ETCD.keys().get("/services/").containsKey(key) == present);
  }
}
