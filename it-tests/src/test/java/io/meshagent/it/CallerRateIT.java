package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Each caller of a server has a rate of its own. */
class CallerRateIT {

  private static final String SERVICE = "shared.Greeter";
  private static final String RATE = "server.rate-limit.rate@" + SERVICE;

  @AutoClose private final World world = World.local();

  @Test
  void a_caller_that_asks_too_much_takes_nothing_from_another() {
    world
        .flakyServer("a", "services=" + SERVICE)
        .mesh(RATE, "50/s")
        .mesh("server.rate-limit.burst", "50")
        .mesh("server.rate-limit.key", "caller")
        .start()
        .awaitPort();
    Jvm noisy = world.loadClient().mesh("app.name", "noisy").start();
    Jvm quiet = world.loadClient().mesh("app.name", "quiet").start();
    for (Jvm client : new Jvm[] {noisy, quiet}) {
      client.awaitInstances(1);
      client.load("calls n=3 service=" + SERVICE);
    }

    CompletableFuture<LoadResult> noise =
        CompletableFuture.supplyAsync(
            () -> noisy.load("calls n=2000 rate=500 threads=8 service=" + SERVICE));
    LoadResult calls = quiet.load("calls n=30 rate=10 threads=2 service=" + SERVICE);

    assertThat(calls.failures()).as(() -> quiet.described(calls.toString())).isZero();
    assertThat(noise.join().failures("calls of one caller (" + RATE))
        .as(() -> noisy.described(noise.join().toString()))
        .isGreaterThan(1_000);
  }
}
