package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls are spread as the settings say, and an instance that fails gets few of them. */
class BalancingIT {

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
    LoadResult unused = started.awaitAnswersBy(servers, "calls n=60 threads=1");
    return started;
  }

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

  @ParameterizedTest
  @ValueSource(strings = {"p2c", "round_robin"})
  @ThoroughRows("least_request")
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
            "x-key");

    Set<String> owners = new HashSet<>();
    for (int key = 0; key < 20; key++) {
      LoadResult result = client.load("calls n=20 key=key-" + key);
      assertThat(result.okBy()).as(() -> client.described(result.toString())).hasSize(1);
      owners.addAll(result.okBy().keySet());
    }
    assertThat(owners).as("of twenty keys each has some").hasSize(3);
  }
}
