package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.EtcdKeys;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Metrics;
import io.meshagent.it.harness.Project;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Ports;
import io.meshagent.it.tools.ring.Thorough;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs on frameworks, as their users build them: what each does with calls, deadlines,
 * cancellation and contexts is the same with the agent as without, and so is what it says.
 */
@Thorough
class FrameworksIT {

  private static final String SERVICE = "/services/helloworld.Greeter/";

  /** A port where nobody listens. */
  private static final int DEAD = 1;

  private static final Duration STARTING = Duration.ofMinutes(2);
  private static final Pattern OURS =
      Pattern.compile("\\S+ \\[mesh-agent] info: .* governs gRPC .*");

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  /**
   * A program with gRPC's own server and channel inside, and what it can be asked.
   *
   * @param cancelled how many unary calls it cancels meanwhile
   */
  private record Framework(String name, List<String> commands, int cancelled) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Framework> governed() {
    return Stream.of(
        new Framework("quarkus", List.of("unary", "hop", "chat", "deadline", "cancel", "unary"), 1),
        new Framework(
            "kotlin-coroutines",
            List.of("unary", "hop", "chat", "take", "deadline", "cancel", "unary"),
            1),
        new Framework(
            "reactive-grpc",
            List.of("unary", "hop", "chat", "pressure", "deadline", "cancel", "unary"),
            // A stream, in its case.
            0),
        new Framework(
            "micronaut", List.of("unary", "hop", "chat", "deadline", "cancel", "unary"), 1));
  }

  @ParameterizedTest
  @MethodSource("governed")
  void a_program_whose_client_has_a_dead_target_works_as_one_with_a_live_one_without_agent(
      Framework framework) {
    int own = Ports.free();
    Jvm without = started(program(framework.name, own, own).withoutAgent());
    List<String> answers = ask(without, framework);
    assertThat(answers.get(0)).startsWith("c1 c2 s1 s2, deadline true");

    int port = Ports.free();
    Jvm with = started(program(framework.name, port, DEAD).mesh("drain.delay", "500ms"));
    await()
        .atMost(Jvm.PATIENCE)
        .untilAsserted(
            () -> {
              Map<String, EtcdKeys.Entry> entries = ETCD.keys().get("/services/");
              assertThat(entries).containsKey(SERVICE + "127.0.0.1:" + port);
              assertThat(with.metrics().sum("mesh_directory_instances"))
                  .as("what the program knows of it")
                  .isEqualTo(entries.size());
            });
    assertThat(ask(with, framework)).as(() -> with.described("answers")).isEqualTo(answers);
    checkMetrics(with, framework.cancelled);

    int exit = without.terminate();
    assertThat(with.terminate()).isEqualTo(exit);
    assertThat(ETCD.keys().get("/services/")).isEmpty();
    assertThat(said(with.stdout())).isEqualTo(said(without.stdout()));
    assertThat(said(with.stderr())).isEqualTo(said(without.stderr()));
    assertThat(with.stderr())
        .as("one line at start")
        .filteredOn(OURS.asMatchPredicate())
        .hasSize(1);
  }

  private static void checkMetrics(Jvm program, int cancelled) {
    await("no call is left over")
        .atMost(Jvm.PATIENCE)
        .until(() -> program.metrics().sum("mesh_calls_in_flight") == 0);
    Metrics metrics = program.metrics();
    for (String side : List.of("client", "server")) {
      String count = "grpc_" + side + "_call_duration_seconds_count";
      String unary = "helloworld.Greeter/SayHello";
      assertThat(metrics.sum(count, "grpc_method", unary, "grpc_status", "OK"))
          .as("two plain calls, and one that makes another")
          .isEqualTo(4);
      assertThat(metrics.sum(count, "grpc_method", "helloworld.Greeter/Chat", "grpc_status", "OK"))
          .isGreaterThanOrEqualTo(1);
      double late = metrics.sum(count, "grpc_method", unary, "grpc_status", "DEADLINE_EXCEEDED");
      if (side.equals("client")) {
        assertThat(late).isEqualTo(1);
      } else {
        // The client's clock began to run before: it may cancel the call before the server is late.
        assertThat(late + metrics.sum(count, "grpc_method", unary, "grpc_status", "CANCELLED"))
            .isEqualTo(1 + cancelled);
      }
    }
  }

  /** Quarkus, for one, breaks off the calls that are under way when its shutdown hook runs. */
  @ParameterizedTest
  @ValueSource(strings = {"micronaut", "quarkus"})
  void one_of_two_leaves_under_load_and_no_call_is_lost(String framework) {
    Jvm load = world.loadClient().start();
    Jvm first = started(program(framework, Ports.free(), DEAD).mesh("drain.delay", "1s"));
    Jvm second = started(program(framework, Ports.free(), DEAD));
    await().atMost(Jvm.PATIENCE).until(() -> ETCD.keys().get(SERVICE).size() == 2);
    load.awaitInstances(ETCD.keys().get("/services/").size());
    String unused = load.ask("begin rate=100 name=work");
    await()
        .atMost(Jvm.PATIENCE)
        .until(() -> calls(first) > 50 && calls(second) > 50 && load.load("count").ok() > 200);

    assertThat(first.terminate()).isEqualTo(143);

    int answered = load.load("count").ok();
    await().atMost(Jvm.PATIENCE).until(() -> load.load("count").ok() > answered + 100);
    LoadResult result = load.load("end");
    assertThat(result.failed()).as(() -> first.described(load.described("calls"))).isEmpty();
  }

  private static double calls(Jvm server) {
    return server.metrics().sum("grpc_server_call_duration_seconds_count");
  }

  static Stream<Framework> ungoverned() {
    return Stream.of(
        new Framework("armeria", List.of("unary", "chat", "deadline", "unary"), 0),
        new Framework("vertx", List.of("unary", "chat", "unary"), 0));
  }

  @ParameterizedTest
  @MethodSource("ungoverned")
  void a_framework_with_a_server_and_a_client_of_its_own_is_left_alone(Framework framework) {
    checkLeftAlone(framework, (builder, port) -> builder);
  }

  @ParameterizedTest(name = "with its other client: {0}")
  @ValueSource(booleans = {true, false})
  void so_is_quarkus_on_its_other_server(boolean otherClient) {
    checkLeftAlone(
        new Framework("quarkus", List.of("unary", "hop", "chat", "unary"), 0),
        (builder, port) ->
            builder
                .property("quarkus.grpc.server.use-separate-server", "false")
                .property("quarkus.http.port", Integer.toString(port))
                .property(
                    "quarkus.grpc.clients.greeter.use-quarkus-grpc-client",
                    Boolean.toString(otherClient)));
  }

  private void checkLeftAlone(
      Framework framework, BiFunction<JvmBuilder, Integer, JvmBuilder> settings) {
    int port = Ports.free();
    Jvm without = started(settings.apply(program(framework.name, port, port), port).withoutAgent());
    int another = Ports.free();
    Jvm with = started(settings.apply(program(framework.name, another, another), another));

    assertThat(ask(with, framework))
        .as(() -> with.described("answers"))
        .isEqualTo(ask(without, framework));
    assertThat(ETCD.keys().get("/services/")).isEmpty();
    assertThat(with.terminate()).isEqualTo(without.terminate());
    assertThat(said(with.stdout())).isEqualTo(said(without.stdout()));
    assertThat(said(with.stderr())).isEqualTo(said(without.stderr()));
  }

  private JvmBuilder program(String name, int port, int target) {
    return world.launch(name).jar(jar(name)).args(port, target);
  }

  /** Frameworks take their time on a busy machine. */
  private static Jvm started(JvmBuilder builder) {
    Jvm jvm = builder.start();
    jvm.await(line -> line.startsWith("port "), STARTING);
    return jvm;
  }

  private static Path jar(String name) {
    return name.equals("quarkus")
        ? Project.built(name).resolve("target/quarkus-app/quarkus-run.jar")
        : Project.jar(name, ".jar");
  }

  private static List<String> ask(Jvm program, Framework framework) {
    List<String> answers = new ArrayList<>();
    for (String command : framework.commands) {
      answers.add(program.ask(command));
    }
    return answers;
  }

  /** In no order, since threads speak when they like, and without numbers and our line. */
  private static List<String> said(List<String> lines) {
    return lines.stream()
        .filter(OURS.asMatchPredicate().negate())
        .map(line -> line.replaceAll("@[0-9a-f]+|\\d+", "N"))
        .sorted()
        .toList();
  }
}
