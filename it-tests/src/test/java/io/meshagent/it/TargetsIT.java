package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Where a channel's target or the name of a service says that not every instance will do. */
class TargetsIT {

  @AutoClose
  private final World world = World.local().with(Classpaths.NEWEST, Runtime.version().feature());

  /** Of a server that nobody registered. */
  private String outside;

  static Stream<String> versions() {
    return Ring.rows(List.of(Classpaths.NEWEST), List.of(Classpaths.FLOOR, Classpaths.MIDDLE));
  }

  private Jvm start(String... settings) {
    outside = "localhost:" + world.flakyServer("outside").withoutAgent().start().awaitPort();
    world.flakyServer("a").mesh("app.name", "greeter-a").start().awaitPort();
    for (String version : List.of("1", "2")) {
      world
          .flakyServer("b" + version)
          .mesh("app.name", "greeter-b")
          .mesh("app.version", version)
          .start()
          .awaitPort();
    }
    var builder = world.loadClient();
    for (int i = 0; i < settings.length; i += 2) {
      builder.mesh(settings[i], settings[i + 1].replace("OUTSIDE", outside));
    }
    Jvm client = builder.start();
    client.awaitInstances(3);
    return client;
  }

  private static Set<String> answering(Jvm client, String channel) {
    LoadResult result = client.load("calls n=30 deadline=60000 channel=" + channel);
    assertThat(result.ok()).as(() -> client.described(channel + ": " + result)).isEqualTo(30);
    return result.okBy().keySet();
  }

  private static String page(Jvm client) {
    return Metrics.get(client.admin() + "/mesh").replace("\\u003d", "=");
  }

  @ParameterizedTest(name = "gRPC {0}")
  @MethodSource("versions")
  void a_target_that_stands_for_an_application_is_answered_by_it(String grpc) {
    world.with(grpc, Runtime.version().feature());
    Jvm client =
        start(
            "discover.map",
            "localhost:1 -> app=greeter-a ; localhost:2 -> app=greeter-b,version=2 ;"
                + " OUTSIDE -> app=nobody");

    assertThat(answering(client, "target:localhost:1")).containsExactly("a");
    assertThat(answering(client, "target:localhost:2")).containsExactly("b2");
    assertThat(answering(client, "target:" + outside)).containsExactly("outside");
    client.awaitAnswersBy(
        Set.of("a", "b1", "b2"), "calls n=30 deadline=60000 channel=target:localhost:3");
    assertThat(page(client))
        .contains("1 instance matching app=greeter-b,version=2 (discover.map)")
        .contains("no instance matching app=nobody (discover.map)")
        .contains("\"3 instances\"");
  }

  @Thorough
  @Test
  void where_nobody_fits_calls_fail_if_the_operator_wants_that() {
    Jvm client = start("discover.map", "OUTSIDE -> app=nobody", "discover.fallback", "fail");

    LoadResult result = client.load("calls n=5 deadline=60000 channel=target:" + outside);

    assertThat(result.failures("no instance of helloworld.Greeter that matches app=nobody"))
        .as(() -> client.described(result.toString()))
        .isEqualTo(5);
  }

  @Thorough
  @Test
  void an_excluded_service_goes_to_its_own_target_and_is_governed() {
    Jvm client =
        start(
            "discover.exclude-services",
            "hello*",
            "client.rate-limit.rate@helloworld.Greeter",
            "1/h",
            "client.rate-limit.burst@helloworld.Greeter",
            "30");

    assertThat(answering(client, "target:" + outside)).containsExactly("outside");
    LoadResult more = client.load("calls n=5 deadline=60000 channel=target:" + outside);
    assertThat(more.failures("rate-limit")).as(more.toString()).isEqualTo(5);
    assertThat(page(client)).contains("its own target: discover.exclude-services");
  }

  @Thorough
  @Test
  void only_included_services_are_looked_up_and_no_excluded_target_is() {
    Jvm client =
        start(
            "discover.include-services",
            "helloworld.Greeter",
            "discover.exclude-targets",
            "*" + "OUTSIDE");
    assertThat(answering(client, "target:" + outside)).containsExactly("outside");
    client.awaitAnswersBy(Set.of("a", "b1", "b2"), "calls n=30 deadline=60000");
    assertThat(page(client)).contains("\"discover.exclude-targets\"");

    Jvm other = world.loadClient().mesh("discover.include-services", "other.*").start();
    other.awaitInstances(3);
    assertThat(answering(other, "target:" + outside)).containsExactly("outside");
  }
}
