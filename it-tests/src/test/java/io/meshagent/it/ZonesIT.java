package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.LoadResult.Failures;
import io.meshagent.it.harness.Metrics;
import io.meshagent.it.harness.Steady;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * Calls stay in the zone of the program that makes them as far as that can take them, and go to
 * others when it can't, before the registry says anything.
 */
class ZonesIT {

  private static final int RATE = 100;

  @AutoClose private final World world = World.on(EtcdServer.shared());

  private Jvm server(String name, String zone) {
    // Long leases: what is killed stays in the registry.
    return server(name, zone, 0);
  }

  private Jvm server(String name, String zone, int port) {
    Jvm server =
        world
            .flakyServer(name, "port=" + port)
            .mesh("app.zone", zone)
            .mesh("registry.ttl", "60s")
            .start();
    server.awaitPort();
    return server;
  }

  private Jvm client(String zone, int servers, String... settings) {
    JvmBuilder client =
        world.loadClient().mesh("app.zone", zone).mesh("client.breaker.enabled", "false");
    for (int i = 0; i < settings.length; i += 2) {
      client.mesh(settings[i], settings[i + 1]);
    }
    Jvm started = client.start();
    started.awaitInstances(servers);
    return started;
  }

  @Test
  void calls_stay_in_their_zone_go_elsewhere_while_it_is_away_and_come_back() {
    Jvm near = server("near", "z1");
    int port = near.awaitPort();
    server("far2", "z2");
    server("far3", "z3");
    Jvm client = client("z1", 3);
    LoadResult unused =
        client.awaitAnswersBy(Set.of("near"), "calls n=60 threads=1 deadline=20000");
    assertThat(client.load("calls n=300 threads=4").okBy()).containsOnlyKeys("near");

    String unusedAnswer = client.ask("begin rate=" + RATE + " deadline=5000");
    near.kill9();
    double away =
        Steady.secondsUntil(
            "calls go to the other zones",
            Duration.ofSeconds(5),
            () -> client.load("count").okBy().keySet().containsAll(Set.of("far2", "far3")),
            client);
    Jvm again = server("near", "z1", port);
    Steady.secondsUntil(
        "calls come back",
        Duration.ofSeconds(60),
        () -> client.load("calls n=20 threads=1").okBy().keySet().equals(Set.of("near")),
        client,
        again);
    LoadResult all = client.load("end");

    double longest =
        all.failed().values().stream().mapToLong(Failures::p99Micros).max().orElse(0) / 1e6;
    assertThat(all.failures())
        .as(() -> "only what was under way there; " + away + " " + client.described("" + all))
        .isLessThanOrEqualTo(3 + (int) (RATE * longest));
  }

  @Thorough
  @Test
  void an_own_zone_that_fails_its_calls_is_left_out_and_the_page_says_why() {
    Jvm near = server("near", "z1");
    server("far2", "z2");
    Jvm client = client("z1", 2, "client.ejection", "on");
    LoadResult unused =
        client.awaitAnswersBy(Set.of("near"), "calls n=60 threads=1 deadline=20000");

    near.say("fail 100");
    Steady.secondsUntil(
        "no call but a probe goes there",
        Duration.ofSeconds(10),
        () -> client.load("calls n=50 threads=2").failures() <= 1,
        client);
    String page = Metrics.get(client.admin() + "/mesh");
    assertThat(page)
        .contains("\"left out\"")
        .contains("\"instance\": \"127.0.0.1:" + near.awaitPort() + "\"")
        .containsPattern(
            "\"because\": \"(\\d+ failures in a row: UNAVAILABLE|\\d+ % of \\d+ calls)")
        .containsPattern("\"since\": \"20")
        .contains("\"next probe\": \"")
        .containsPattern(
            "\"calls by zone\": \\{\\s+\"helloworld.Greeter\": \\{\\s+\"z2\": \"100 %");
    assertThat(client.stderr())
        .filteredOn(line -> line.contains("gets no calls of helloworld.Greeter for a while ("))
        .hasSize(1);

    near.say("fail 0");
    Steady.secondsUntil(
        "calls come back",
        Duration.ofSeconds(40),
        () -> client.load("calls n=20 rate=40").okBy().keySet().equals(Set.of("near")),
        client);
  }

  @Thorough
  @Test
  void a_zone_with_less_than_its_share_hands_the_rest_on() {
    server("near", "z1");
    for (String name : new String[] {"far1", "far2", "far3"}) {
      server(name, "z2");
    }
    // Round robin keeps to shares to the call; others look at loads as well.
    Jvm client = client("z1", 4, "client.balance", "round_robin");
    LoadResult unused =
        client.awaitAnswersBy(
            Set.of("near", "far1", "far2", "far3"), "calls n=60 threads=1 deadline=20000");

    LoadResult result = client.load("calls n=3000 threads=4");
    assertThat(result.ok()).isEqualTo(3_000);
    // A quarter of the instances for half of the callers: half of its calls stay.
    assertThat(result.okBy().get("near")).as("" + result).isBetween(1_450, 1_550);
    assertThat(result.okBy().get("far1")).as("" + result).isBetween(450, 550);
    assertThat(Metrics.get(client.admin() + "/mesh")).contains("\"z1\": \"50 %\"");
  }

  @Thorough
  @Test
  void without_zone_awareness_all_are_called() {
    server("near", "z1");
    server("far2", "z2");
    Jvm client = client("z1", 2, "client.zone-aware", "off", "client.balance", "round_robin");
    LoadResult unused =
        client.awaitAnswersBy(Set.of("near", "far2"), "calls n=60 threads=1 deadline=20000");
    LoadResult result = client.load("calls n=400 threads=2");
    assertThat(result.okBy().get("near")).isBetween(190, 210);
  }
}
