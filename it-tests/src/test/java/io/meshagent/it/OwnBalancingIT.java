package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Metrics;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Ring;
import io.meshagent.it.tools.ring.Thorough;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A channel that the program balances by a policy of its own goes to its own target, where a server
 * without agent answers; all others go to the registered instance.
 */
class OwnBalancingIT {

  private static final String OWN = "outside";
  private static final String REGISTERED = "registered";

  @AutoClose
  private final World world = World.local().with(Classpaths.NEWEST, Runtime.version().feature());

  private String target;

  static Stream<String> versions() {
    return Ring.rows(List.of(Classpaths.NEWEST), List.of(Classpaths.FLOOR, "1.28.1", "1.76.3"));
  }

  private Jvm start(String... settings) {
    Jvm outside = world.flakyServer(OWN).withoutAgent().start();
    world.flakyServer(REGISTERED).start().awaitPort();
    target = "localhost:" + outside.awaitPort();
    var builder = world.loadClient();
    for (int i = 0; i < settings.length; i += 2) {
      builder.mesh(settings[i], settings[i + 1]);
    }
    Jvm client = builder.start();
    client.awaitInstances(1);
    return client;
  }

  private static Set<String> answering(Jvm client, String channel) {
    LoadResult result = client.load("calls n=20 deadline=60000 channel=" + channel);
    assertThat(result.ok()).as(() -> client.described(channel + ": " + result)).isEqualTo(20);
    return result.okBy().keySet();
  }

  @ParameterizedTest(name = "gRPC {0}")
  @MethodSource("versions")
  void a_channel_with_a_policy_of_the_programs_own_is_left_alone(String grpc) {
    world.with(grpc, Runtime.version().feature());
    Jvm client = start();

    assertThat(answering(client, "policy:" + target)).containsExactly(OWN);
    assertThat(page(client)).contains("a policy of its own, own_policy");
    assertThat(answering(client, "config:own_policy:" + target)).containsExactly(OWN);
    // These are gRPC's own.
    assertThat(answering(client, "target:" + target)).containsExactly(REGISTERED);
    assertThat(answering(client, "config:round_robin:" + target)).containsExactly(REGISTERED);
    client.load("idle channel=policy:" + target);
    client.load("idle channel=config:own_policy:" + target);
    for (String channel : List.of("policy:", "config:own_policy:")) {
      assertThat(answering(client, channel + target)).as("after idle").containsExactly(OWN);
    }

    // A name alone says nothing: this is the program's own pick_first.
    assertThat(answering(client, "replaced:" + target)).containsExactly(OWN);
  }

  @Thorough
  @Test
  void a_retry_policy_is_no_balancing_policy() {
    Jvm client = start();

    assertThat(answering(client, "retrying:" + target)).containsExactly(REGISTERED);
  }

  @Thorough
  @Test
  void an_operator_can_have_it_rerouted() {
    Jvm client = start("discover.include-targets", "localhost:*");

    assertThat(answering(client, "policy:" + target)).containsExactly(REGISTERED);
    assertThat(answering(client, "config:own_policy:" + target)).containsExactly(REGISTERED);
  }

  @Thorough
  @Test
  void a_policy_that_comes_with_the_addresses_counts_from_the_first_call_on() {
    Jvm client = start();
    String channel = " channel=told:" + target;

    client.load("begin rate=20 deadline=60000" + channel);
    await("calls that wait for the resolver")
        .atMost(Jvm.PATIENCE)
        .until(() -> Integer.parseInt(client.ask("open" + channel)) >= 1);
    client.load("resolve policy=own_policy");
    await("calls after it")
        .atMost(Jvm.PATIENCE)
        .until(() -> client.load("count" + channel).ok() >= 20);
    LoadResult first = client.load("end" + channel);
    assertThat(first.failures()).as(() -> client.described(first.toString())).isZero();
    assertThat(first.okBy()).containsOnlyKeys(OWN);

    client.load("resolve policy=round_robin");
    client.awaitAnswersBy(Set.of(REGISTERED), "calls n=20" + channel);
    client.load("begin rate=50 deadline=60000" + channel);
    client.load("resolve policy=own_policy");
    client.awaitAnswersBy(Set.of(OWN), "calls n=20" + channel);
    LoadResult last = client.load("end" + channel);
    assertThat(last.failures()).as(() -> client.described(last.toString())).isZero();
  }

  @Thorough
  @Test
  void a_resolver_that_fails_or_names_no_policy_costs_no_call() {
    Jvm client = start();
    String channel = " channel=told:" + target;

    client.load("begin rate=20 deadline=60000" + channel);
    await("a call that waits for the resolver")
        .atMost(Jvm.PATIENCE)
        .until(() -> Integer.parseInt(client.ask("open" + channel)) >= 1);
    client.load("resolve policy=fails");
    await("calls").atMost(Jvm.PATIENCE).until(() -> client.load("count" + channel).ok() >= 1);
    client.load("resolve");
    LoadResult result = client.load("end" + channel);
    assertThat(result.failures()).as(() -> client.described(result.toString())).isZero();
    assertThat(result.okBy()).containsOnlyKeys(REGISTERED);
  }

  /** Without the agent it would keep them for ever. */
  @Thorough
  @Test
  void a_resolver_that_says_nothing_does_not_keep_calls_from_the_instances() {
    Jvm client = start();

    assertThat(answering(client, "told:" + target)).containsExactly(REGISTERED);
  }

  private static String page(Jvm client) {
    return Metrics.get(client.admin() + "/mesh");
  }
}
