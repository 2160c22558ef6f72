package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.AgentCommand;
import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services that come and go on a server that runs are found and given up as they do. */
class ComingServicesIT {

  private static final String GREETER = "helloworld.Greeter";

  /** How long a change may take to be seen. */
  private static final Duration SEEN = Duration.ofSeconds(30);

  private static final EtcdServer ETCD = EtcdServer.shared();

  @AutoClose
  private final World world = World.on(ETCD).with(Classpaths.NEWEST, Runtime.version().feature());

  @ParameterizedTest(name = "gRPC {0}")
  @ValueSource(strings = "newest")
  @ThoroughRows({"1.22", "middle"})
  void keys_come_and_go_with_the_services_and_so_do_calls(String version) {
    world.with(grpc(version), Runtime.version().feature());
    Jvm server = world.mutableServer("a").mesh("register.exclude", "*.Admin").start();
    world.flakyServer("b", "services=t.Else").start().awaitPort();
    Jvm client = world.loadClient().start();
    client.awaitInstances(1);
    server.ask("add t.Admin");
    server.ask("add " + GREETER);
    awaitKeys(server, GREETER);
    client.awaitInstances(2);
    client.awaitAnswersBy(Set.of("a"), "calls n=10");

    server.ask("add t.Other");
    server.ask("remove " + GREETER);
    awaitKeys(server, "t.Other");
    client.awaitAnswersBy(Set.of("a"), "calls n=10 service=t.Other");

    server.ask("add " + GREETER);
    awaitKeys(server, GREETER, "t.Other");
    client.awaitInstances(3);
    client.awaitAnswersBy(Set.of("a"), "calls n=10");
    server.ask("shutdown");
    awaitKeys(server);
    assertThat(server.stderr()).as("nothing to say").hasSize(1);
  }

  private static String grpc(String version) {
    return switch (version) {
      case "newest" -> Classpaths.NEWEST;
      case "middle" -> Classpaths.MIDDLE;
      default -> Classpaths.FLOOR;
    };
  }

  @Thorough
  @Test
  void a_service_that_goes_while_it_is_called_costs_a_few_calls() {
    Jvm a = world.mutableServer("a", "services=" + GREETER).start();
    world.flakyServer("b").start().awaitPort();
    awaitKeys(a, GREETER);
    Jvm client = world.loadClient().start();
    client.awaitInstances(2);
    client.load("begin rate=100");
    await().atMost(Jvm.PATIENCE).until(() -> client.load("count").okBy().size() == 2);

    a.ask("remove " + GREETER);
    awaitKeys(a);
    client.awaitDirectory(1);
    // Those that were under way end first: on a busy machine they take a second.
    awaitCalls(client, 200);
    LoadResult before = client.load("count");
    awaitCalls(client, 200);
    LoadResult all = client.load("end");
    Scenario.of("a service is removed from one of two servers that run")
        .saw("100 calls/s, %,d calls, %d failed".formatted(all.ok(), all.failures()));
    assertThat(all.failures())
        .as(() -> client.described(all.toString()))
        .isEqualTo(before.failures())
        .isLessThan(all.ok() / 4);
  }

  private static void awaitCalls(Jvm client, int more) {
    int before = client.load("count").ok();
    await().atMost(Jvm.PATIENCE).until(() -> client.load("count").ok() > before + more);
  }

  @Thorough
  @Test
  void a_list_of_services_that_throws_or_blocks_holds_up_neither_the_program_nor_others() {
    Jvm server = world.mutableServer("a", "services=t.One", "own=blocks").start();
    server.awaitPort();
    Jvm other =
        world.mutableServer("b", "services=" + GREETER, "own=throws", "fixed=t.Two").start();
    other.awaitPort();
    other.awaitError(line -> line.contains("the list is being made"), SEEN);
    awaitKeys(other);
    other.ask("own well");
    awaitKeys(other, GREETER, "t.Two");
    other.ask("own blocks");
    other.ask("add t.More");
    other.awaitError(line -> line.contains("does not answer"), SEEN);
    awaitKeys(other, GREETER, "t.Two");

    assertThat(server.terminate()).isEqualTo(143);
    assertThat(other.terminate()).isEqualTo(143);
    awaitKeys(other);
    for (Jvm each : List.of(server, other)) {
      assertThat(each.stderr()).filteredOn(line -> line.contains("failed")).isEmpty();
    }
  }

  @Thorough
  @Test
  void a_server_that_ran_before_the_agent_came_is_followed_until_it_goes() {
    Jvm server = world.mutableServer("a", "services=t.One").withoutAgent().start();
    server.awaitPort();
    AgentCommand.attach(server, "discover.first-wait=30s");
    awaitKeys(server, "t.One");
    server.ask("add " + GREETER);
    server.ask("remove t.One");
    awaitKeys(server, GREETER);
    AgentCommand.detach(server);
    awaitKeys(server);
    await("no thread of the agent's")
        .atMost(Jvm.PATIENCE)
        .until(() -> !AgentCommand.jcmd(server, "Thread.print").contains("\"mesh-agent"));
  }

  @Thorough
  @Test
  void health_counts_for_services_that_come_later() {
    Jvm server = world.mutableServer("a", "health=check").start();
    server.ask("status 2 " + GREETER);
    server.ask("add " + GREETER);
    server.ask("add t.Other");
    awaitKeys(server, "t.Other");
    server.ask("status 1 " + GREETER);
    awaitKeys(server, GREETER, "t.Other");
    server.ask("status 2 " + GREETER);
    awaitKeys(server, "t.Other");
  }

  @Thorough
  @Test
  void programs_that_meet_through_a_directory_see_it_too() {
    try (World local = World.local().with(Classpaths.NEWEST, Runtime.version().feature())) {
      Jvm server = local.mutableServer("a").start();
      server.awaitPort();
      Jvm client = local.loadClient().start();
      client.awaitInstances(0);
      server.ask("add " + GREETER);
      client.awaitDirectory(1);
      client.awaitAnswersBy(Set.of("a"), "calls n=10");
      server.ask("remove " + GREETER);
      client.awaitDirectory(0);
    }
  }

  /** The server's, and no others of it. */
  private static void awaitKeys(Jvm server, String... services) {
    String address = "/127.0.0.1:" + server.awaitPort();
    List<String> keys =
        Arrays.stream(services).map(service -> "/services/" + service + address).toList();
    await()
        .atMost(SEEN)
        .untilAsserted(
            () ->
                assertThat(ETCD.keys().get("/services/").keySet())
                    .as(() -> server.described("its keys"))
                    .filteredOn(key -> key.endsWith(address))
                    .containsExactlyInAnyOrderElementsOf(keys));
  }
}
