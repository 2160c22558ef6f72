package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Alone;
import io.meshagent.it.tools.ring.LongForm;
import io.meshagent.it.tools.ring.Thorough;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A limit of 100 calls a second lets 100 a second through, on either side. */
@Alone
class RateLimitIT {

  private static final int SECONDS = 10;
  private static final int OFFERED = SECONDS * 1_000;
  private static final String LOAD = "calls n=" + OFFERED + " rate=1000 threads=16 service=";

  @AutoClose private final World world = World.local();

  /**
   * Not of the first ring: beside four busy processes its load came too late in five of seven runs
   * (5.8 to 7.0 s for what is offered in 5.5), and in none of seven on a quiet machine. Two clients
   * with 1,000 calls a second each, and a server, need two processors. In the first ring {@link
   * CallerRateIT} says that who asks for more is refused.
   */
  @Thorough
  @Test
  void lets_100_a_second_through_of_1000_offered_on_both_sides() {
    world
        .flakyServer("a", "services=limited.AtServer,limited.AtClient")
        .mesh("server.rate-limit.rate@limited.AtServer", "100/s")
        .start()
        .awaitPort();
    Jvm client =
        world.loadClient().mesh("client.rate-limit.rate@limited.AtClient", "100/s").start();
    Jvm other = world.loadClient().start();
    for (Jvm jvm : new Jvm[] {client, other}) {
      jvm.awaitInstances(2);
    }
    // Connections and classes first, so that the seconds are those of calls.
    client.load("calls n=5 service=limited.AtServer");
    other.load("calls n=5 service=limited.AtClient");

    CompletableFuture<LoadResult> atClient =
        CompletableFuture.supplyAsync(() -> client.load(LOAD + "limited.AtClient"));
    CompletableFuture<LoadResult> atServer =
        CompletableFuture.supplyAsync(() -> other.load(LOAD + "limited.AtServer"));
    check(atClient.join(), "client.rate-limit.rate");
    check(atServer.join(), "server.rate-limit.rate");
  }

  /** On a machine that has time for it. */
  @LongForm
  @Test
  void lets_500_a_second_through_of_5000_offered_within_two_percent() {
    world.flakyServer("a").mesh("server.rate-limit.rate", "500/s").start().awaitPort();
    Jvm client = world.loadClient().start();
    client.awaitInstances(1);
    LoadResult unused = client.load("calls n=5000 rate=1000 threads=64");

    LoadResult result = client.load("calls n=50000 rate=5000 threads=64");
    assertThat(result.idle()).as("offered without a pause: " + result).isLessThan(50);
    // Two processors shared with the server may not be quick enough for all of them.
    assertThat(result.millis()).isBetween(9_900L, 14_000L);
    assertThat(result.failures("RESOURCE_EXHAUSTED")).isEqualTo(result.failures());
    assertThat(result.ok() * 1_000.0 / result.millis()).as("" + result).isBetween(490.0, 510.0);
    Scenario.of("500 calls a second of 5,000 offered for ten seconds")
        .saw(result.ok() + " answered in " + result.millis() + " ms, 50,000 offered");
  }

  private static void check(LoadResult result, String setting) {
    // The limit saves up for a tenth of a second: of a longer one without calls the rest is lost.
    long offered = result.millis() - result.idle();
    assertThat(result.ok() * 1_000.0 / offered)
        .as(setting + " " + result)
        .isGreaterThanOrEqualTo(95.0);
    assertThat(result.ok() * 1_000.0 / result.millis())
        .as(setting + " " + result)
        .isLessThanOrEqualTo(105.0);
    assertThat(result.millis())
        .as("the load was offered as meant")
        .isGreaterThanOrEqualTo(SECONDS * 950L);
    assertThat(offered).as("and not late").isLessThanOrEqualTo(SECONDS * 1_100L);
    assertThat(result.ok() + result.failures()).isEqualTo(OFFERED);
    assertThat(result.failures("RESOURCE_EXHAUSTED")).isEqualTo(result.failures());
    assertThat(result.failures(setting)).as("names the policy").isEqualTo(result.failures());
    assertThat(result.failures("with pushback"))
        .as("told to the program itself, not to retries of others")
        .isEqualTo(setting.startsWith("client.") ? result.failures() : 0);
  }
}
