package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.Steady;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls are spread as the settings say, and an instance that fails gets few of them. */
class BalancingIT {

  private static final int RATE = 200;
  private static final String LEFT_OUT = "gets no calls of helloworld.Greeter for a while";

  @AutoClose private final World world = World.local();

  private Jvm server(String name, int weight) {
    Jvm server = world.flakyServer(name).mesh("app.weight", String.valueOf(weight)).start();
    server.awaitPort();
    return server;
  }

  /** A client of these servers that has a connection to each. */
  private Jvm client(Set<String> servers, String... settings) {
    JvmBuilder client = world.loadClient();
    for (int i = 0; i < settings.length; i += 2) {
      client.mesh(settings[i], settings[i + 1]);
    }
    Jvm started = client.start();
    started.awaitInstances(servers.size());
    LoadResult unused = started.awaitAnswersBy(servers, "calls n=60 threads=1 deadline=20000");
    return started;
  }

  @Thorough
  @ParameterizedTest
  @ValueSource(strings = "round_robin")
  @ThoroughRows("random")
  void weights_are_shares(String balancer) {
    server("a", 100);
    server("b", 200);
    server("c", 400);
    Jvm client = client(Set.of("a", "b", "c"), "client.balance", balancer);

    LoadResult result = client.load("calls n=7000 threads=4");

    assertThat(result.ok()).isEqualTo(7_000);
    int off = balancer.equals("random") ? 200 : 20;
    assertThat(result.okBy().get("a"))
        .as(() -> client.described(result.toString()))
        .isCloseTo(1_000, within(off));
    assertThat(result.okBy().get("b")).isCloseTo(2_000, within(off));
    assertThat(result.okBy().get("c")).isCloseTo(4_000, within(off));
  }

  @Thorough
  @ParameterizedTest
  @ValueSource(strings = {"p2c", "round_robin", "least_request"})
  void an_instance_that_fails_gets_next_to_nothing_and_is_back_when_it_is_well(String balancer) {
    Jvm bad = server("bad", 100);
    server("b", 100);
    server("c", 100);
    Jvm client =
        client(Set.of("bad", "b", "c"), "client.balance", balancer, "client.ejection", "on");

    bad.say("fail 100");
    LoadResult found = client.load("calls n=300 threads=2");
    assertThat(found.failures()).as(() -> client.described(found.toString())).isLessThan(60);
    LoadResult then = client.load("calls n=1000 rate=250 threads=4");
    assertThat(then.failures())
        .as(() -> client.described("one probe at a time: " + then))
        .isLessThan(10);
    assertThat(then.ok()).isGreaterThan(990);

    if (balancer.equals("round_robin")) {
      // The others know after two failures which one to take, and seldom come to seven in a row.
      assertThat(client.stderr()).anyMatch(line -> line.contains(LEFT_OUT));
    }

    bad.say("fail 0");
    await("it is back")
        .atMost(Duration.ofSeconds(40))
        .until(() -> client.load("calls n=60 rate=60").okBy().getOrDefault("bad", 0) > 10);
  }

  @ParameterizedTest(name = "{0}, one of {1}")
  @CsvSource("p2c, 3")
  @ThoroughRows({"round_robin, 2", "round_robin, 3", "round_robin, 5", "p2c, 2", "p2c, 5"})
  void one_that_fails_every_call_costs_one_call_in_a_hundred_and_opens_no_circuit(
      String balancer, int of) {
    Jvm bad = server("bad", 100);
    Set<String> all = new HashSet<>(Set.of("bad"));
    for (int i = 1; i < of; i++) {
      server("good" + i, 100);
      all.add("good" + i);
    }
    Jvm client = client(all, "client.balance", balancer, "client.ejection", "on");
    String unusedAnswer = client.ask("begin rate=" + RATE + " deadline=5000");
    Steady.pass(Duration.ofSeconds(1));
    int before = client.load("count").ok();

    bad.say("fail 100");
    Duration found = Scenario.lasting(Duration.ofSeconds(4), Duration.ofSeconds(10));
    Steady.pass(found);
    LoadResult first = client.load("count");
    Steady.pass(Scenario.lasting(Duration.ofSeconds(6), Duration.ofSeconds(50)));
    LoadResult then = client.load("count");

    int failed = then.failures() - first.failures();
    assertThat(100.0 * failed / (failed + then.ok() - first.ok()))
        .as(() -> "percent of the calls after " + found + ": " + client.described("" + then))
        .isLessThan(1);
    int in = then.failures();
    if (Scenario.isLong()) {
      // A minute's calls are more than a hundred times what it takes to find out.
      assertThat(100.0 * in / (in + then.ok() - before))
          .as(() -> "percent of all calls: " + client.described("" + then))
          .isLessThan(1);
    }
    assertThat(client.stderr()).noneMatch(line -> line.contains(Jvm.CIRCUIT));

    bad.say("fail 0");
    int by = then.okBy().getOrDefault("bad", 0);
    // The longest pause that so much time can have led to.
    Duration pause = Scenario.lasting(Duration.ofSeconds(12), Duration.ofSeconds(75));
    double back =
        Steady.secondsUntil(
            "it is back",
            pause.plusSeconds(3),
            () -> client.load("count").okBy().getOrDefault("bad", 0) > by + RATE / 10,
            client);
    LoadResult end = client.load("end");
    assertThat(end.failures()).as("but for probes none more").isLessThanOrEqualTo(in + 2);
    Scenario.of("one of " + of + " instances fails every call, " + balancer + " with ejection")
        .saw(
            "%d calls/s, %d of %,d failed; back %s after it was well"
                .formatted(RATE, end.failures(), end.ok(), Steady.seconds(back)));
  }

  @Thorough
  @Test
  void a_frozen_one_of_three_costs_few_calls() {
    Jvm frozen = server("frozen", 100);
    server("b", 100);
    server("c", 100);
    Jvm client =
        client(Set.of("frozen", "b", "c"), "client.balance", "p2c", "client.ejection", "on");
    String unusedAnswer = client.ask("begin rate=300 deadline=1000");
    Steady.secondsUntil(
        "all answer at a steady rate",
        Duration.ofSeconds(30),
        () -> client.load("count").okBy().getOrDefault("frozen", 0) > 200,
        client);
    LoadResult before = client.load("count");

    frozen.signal("STOP");
    Steady.pass(Scenario.lasting(Duration.ofSeconds(6), Duration.ofSeconds(30)));
    LoadResult result = client.load("count");
    frozen.signal("CONT");
    LoadResult unused = client.load("end");

    String there = ":" + frozen.awaitPort() + "]";
    int failed = result.failures(there) - before.failures(there);
    // Where the machine has no time, calls to the others fail as well, and so would calls to it.
    int elsewhere = result.failures() - before.failures() - failed;
    assertThat(failed)
        .as(() -> client.described("in so long: " + result))
        .isPositive()
        .isLessThanOrEqualTo(60 + elsewhere);
    assertThat(result.ok() - before.ok()).as("and the others are called").isGreaterThan(500);
    Scenario.of("JVM frozen (SIGSTOP), one of three, p2c with ejection")
        .saw(
            "300 calls/s of 1 s: %d failed there, %d elsewhere, %,d answered"
                .formatted(failed, elsewhere, result.ok() - before.ok()));
  }

  @Thorough
  @Test
  void calls_of_one_key_go_to_one_instance() {
    for (String name : new String[] {"a", "b", "c"}) {
      server(name, 100);
    }
    Jvm client =
        client(
            Set.of("a", "b", "c"),
            "client.balance",
            "consistent_hash",
            "client.balance.header",
            "x-key",
            // One that the client has come to know last would take over keys while its share grows.
            "client.slow-start",
            "off");

    Set<String> owners = new HashSet<>();
    for (int key = 0; key < 20; key++) {
      LoadResult result = client.load("calls n=20 key=key-" + key);
      assertThat(result.okBy()).as(() -> client.described(result.toString())).hasSize(1);
      owners.addAll(result.okBy().keySet());
    }
    assertThat(owners).as("of twenty keys each has some").hasSize(3);
  }
}
