package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A program whose service config asks for gRPC's health checks (A17) has the registered instances
 * checked, too. Instance a has a health service, and stays registered whatever that says; b has
 * none.
 */
class HealthChecksIT {

  private static final int RATE = 50;
  private static final String CHECKED = " channel=checked:helloworld.Greeter:localhost:1";

  /** The machine may be busy, and time is not what this is about. */
  private static final String PATIENT = " deadline=60000";

  @AutoClose private final World world = World.local();

  @ParameterizedTest(name = "gRPC {0}")
  @ValueSource(strings = "newest")
  @ThoroughRows({"1.22", "middle"})
  void an_instance_that_says_not_serving_gets_no_call(String version) {
    String grpc =
        version.equals("newest")
            ? Classpaths.NEWEST
            : version.equals("middle") ? Classpaths.MIDDLE : Classpaths.FLOOR;
    world.with(grpc, Runtime.version().feature());
    Jvm a =
        world
            .leavingServerWithHealth("a", "health=manager")
            .mesh("register.health", "false")
            .start();
    a.awaitPort();
    a.ask("status 1");
    world.flakyServer("b").start().awaitPort();
    Jvm client = world.loadClientWithHealth().start();
    client.awaitInstances(2);
    client.load("begin rate=" + RATE + CHECKED);
    await().atMost(Jvm.PATIENCE).until(() -> client.load("count").okBy().size() == 2);

    long began = System.nanoTime();
    a.ask("status 2");
    client.awaitError(line -> line.contains("says NOT_SERVING when asked"), Jvm.PATIENCE);
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    LoadResult later = client.load("calls n=100" + PATIENT + CHECKED);
    assertThat(later.okBy()).as(() -> client.described("" + later)).containsOnlyKeys("b");
    assertThat(later.failures()).isZero();

    LoadResult unchecked = client.awaitAnswersBy(Set.of("a", "b"), "calls n=20" + PATIENT);
    assertThat(unchecked.failures()).as("nobody asked for it there").isZero();

    a.ask("status 1");
    LoadResult back = client.awaitAnswersBy(Set.of("a", "b"), "calls n=20" + PATIENT + CHECKED);
    assertThat(back.failures()).isZero();
    LoadResult all = client.load("end");
    Scenario.of("an instance says NOT_SERVING to the program's own health checks, gRPC " + grpc)
        .saw(
            "no call from %d ms on; %d calls/s, %d calls, %d failed"
                .formatted(millis, RATE, all.ok(), all.failures()));
    assertThat(all.failures()).as(() -> client.described(all.toString())).isZero();
  }
}
