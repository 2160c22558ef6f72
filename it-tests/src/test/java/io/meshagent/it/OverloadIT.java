package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Alone;
import io.meshagent.it.tools.ring.LongForm;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A server of four threads that is offered three times what it can do, by callers that wait for two
 * seconds. What it does without the agent is measured beside it and said, not asserted. Its threads
 * sleep, so that it can do the same on a busy machine; shedding is told to go by its rule alone.
 */
@Alone
@LongForm
class OverloadIT {

  private static final int SECONDS = 20;

  @AutoClose private final World world = World.local();

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({
    "block:20, none",
    "block:20, server.concurrency.limit=adaptive",
    "block:20, server.shed=on"
  })
  void three_times_what_a_server_can_do_leaves_it_doing_what_it_can(String work, String setting) {
    JvmBuilder serving = world.flakyServer("a", "threads=4");
    boolean governed = !setting.equals("none");
    if (governed) {
      serving
          .mesh(
              setting.substring(0, setting.indexOf('=')),
              setting.substring(setting.indexOf('=') + 1))
          .mesh("server.shed.cpu", "1");
    } else {
      serving.withoutAgent();
    }
    Jvm server = serving.start();
    String channel = " channel=target:localhost:" + server.awaitPort() + " name=" + work;
    Jvm client = world.loadClient().withoutAgent().start();
    client.load("calls n=1000 threads=4" + channel);
    LoadResult alone = client.load("calls n=2000 threads=4" + channel);
    double best = perSecond(alone);

    int rate = (int) (3 * best);
    client.load("begin deadline=2000 rate=" + rate + channel);
    await("it was offered for long enough")
        .atMost(Duration.ofSeconds(4 * SECONDS))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              LoadResult now = client.load("count");
              return now.ok() + now.failures() >= rate * SECONDS;
            });
    LoadResult overloaded = client.load("end");

    double kept = perSecond(overloaded) / best;
    System.out.printf(
        Locale.ROOT,
        "overload | %s | %s | %.0f/s | %.0f/s offered | %.0f/s, %.0f %% | p99 %.0f ms%n",
        work,
        setting,
        best,
        (overloaded.ok() + overloaded.failures()) * 1_000.0 / overloaded.millis(),
        perSecond(overloaded),
        100 * kept,
        overloaded.okP99Micros() / 1_000.0);
    if (governed) {
      assertThat(kept).as(() -> server.described(overloaded.toString())).isGreaterThan(0.9);
      assertThat(overloaded.okP99Micros()).isLessThan(1_000_000);
    }
  }

  private static double perSecond(LoadResult result) {
    return result.ok() * 1_000.0 / result.millis();
  }
}
