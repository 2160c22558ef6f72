package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.AgentCommand;
import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.tools.ring.Thorough;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The agent comes into programs that are under load, and goes out of them again. */
class AttachIT extends AttachFixture {

  private static final int RATE = Scenario.many(200);
  private static final int STREAMS = 5;

  /** On a busy machine etcd answers a new JVM late, which is told as trouble if it is too late. */
  private static final String PATIENT = "discover.first-wait=30s";

  /** What the client's channel was built for. It knows of no other. */
  private Jvm original;

  /** Found in etcd only. */
  private Jvm other;

  private Jvm client;

  static Stream<Arguments> places() {
    return Stream.of(
        Arguments.of(Classpaths.NEWEST, 17),
        Arguments.of(Classpaths.FLOOR, 8),
        Arguments.of(Classpaths.MIDDLE, 17),
        Arguments.of(Classpaths.NEWEST, 25));
  }

  @Test
  void attach_and_detach_under_load_cost_no_call() {
    start(Classpaths.NEWEST, 17);
    begin("streams=" + STREAMS);
    attachBothAndLetThemGo(Classpaths.NEWEST);
    endUnharmed("attach and detach");
    assertNothingIsLeft(Classpaths.NEWEST);
  }

  @Thorough
  @ParameterizedTest(name = "gRPC {0}, Java {1}")
  @MethodSource("places")
  void attach_and_detach_may_be_done_again_and_in_another_order(String grpc, int jdk) {
    start(grpc, jdk);
    begin("streams=" + STREAMS);
    attachBothAndLetThemGo(grpc);

    AgentCommand.attach(original, PATIENT);
    AgentCommand.attach(client, PATIENT);
    awaitKeys(original, other);
    awaitAnswersOf("original", "other");

    AgentCommand.detach(original);
    awaitAnswersOf("other");
    AgentCommand.detach(client);
    awaitAnswersOf("original");
    endUnharmed("attach and detach, twice each, gRPC " + grpc + ", Java " + jdk);
    assertNothingIsLeft(grpc);
  }

  private void attachBothAndLetThemGo(String grpc) {
    String server = AgentCommand.attach(original, PATIENT);
    assertThat(server).isEqualTo(governs(original, grpc, "1 server, 0 channels"));
    String channels = AgentCommand.attach(client, PATIENT);
    assertThat(channels).isEqualTo(governs(client, grpc, "0 servers, 2 channels"));
    awaitKeys(original, other);
    awaitAnswersOf("original", "other");

    AgentCommand.detach(client);
    awaitAnswersOf("original");
    AgentCommand.detach(original);
    awaitKeys(other);
    awaitAnswersOf("original");
  }

  private void assertNothingIsLeft(String grpc) {
    awaitNoThreadOfTheAgent(original);
    awaitNoLoaderOfTheAgent(original);
    awaitNoThreadOfTheAgent(client);
    if (!grpc.equals(Classpaths.FLOOR)) {
      // There a channel keeps its last connection, closed or not, until it makes another one.
      awaitNoLoaderOfTheAgent(client);
    }
    assertNoTrouble(original);
    assertNoTrouble(client);
  }

  @Thorough
  @Test
  void the_original_target_may_go_once_the_client_is_attached() {
    start(Classpaths.MIDDLE, Runtime.version().feature());
    begin("streams=0");
    AgentCommand.attach(original, "drain.delay=1s");
    AgentCommand.attach(client);
    awaitKeys(original, other);
    awaitAnswersOf("original", "other");

    assertThat(original.terminate()).isEqualTo(143);
    awaitKeys(other);
    awaitAnswersOf("other");
    endUnharmed("an attached server ends by SIGTERM");
  }

  @Thorough
  @Test
  void a_program_that_was_started_with_the_agent_is_let_go_as_well() {
    world.with(Classpaths.MIDDLE, Runtime.version().feature());
    original = world.leavingServer("original").withoutAgent().start();
    other = withoutTraces(world.leavingServer("other")).start();
    client = withoutTraces(world.loadClient()).start();
    original.awaitPort();
    awaitKeys(other);
    begin("streams=" + STREAMS);
    awaitAnswersOf("other");

    AgentCommand.detach(client);
    awaitAnswersOf("original");
    AgentCommand.detach(other);
    awaitKeys();
    endUnharmed("detach of programs started with -javaagent");
    awaitNoThreadOfTheAgent(client);
    awaitNoLoaderOfTheAgent(client);
    awaitNoThreadOfTheAgent(other);
    awaitNoLoaderOfTheAgent(other);
  }

  /**
   * Netty keeps where it made one buffer of a hundred, to find leaks; now and then that is a buffer
   * for ever, made below a hook of ours, and a stack trace holds the classes in it.
   */
  private static JvmBuilder withoutTraces(JvmBuilder program) {
    return program.property("io.grpc.netty.shaded.io.netty.leakDetection.level", "disabled");
  }

  private void start(String grpc, int jdk) {
    world.with(grpc, jdk);
    original = withoutTraces(world.leavingServer("original")).withoutAgent().start();
    client = withoutTraces(world.loadClient()).withoutAgent().start();
    other = world.leavingServer("other").start();
    original.awaitPort();
    awaitKeys(other);
  }

  private void begin(String options) {
    client.load(
        "begin rate=" + RATE + " channel=target:localhost:" + original.awaitPort() + " " + options);
    await().atMost(PATIENCE).until(() -> client.load("count").ok() > RATE);
  }

  /** Waits until these servers and no others answer new calls. */
  private void awaitAnswersOf(String... servers) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(
            () -> {
              LoadResult before = client.load("count");
              await()
                  .atMost(PATIENCE)
                  .until(() -> client.load("count").ok() > before.ok() + RATE / 4);
              Map<String, Integer> now = client.load("count").okBy();
              Set<String> answering = new TreeSet<>();
              now.forEach(
                  (server, count) -> {
                    if (count > before.okBy().getOrDefault(server, 0)) {
                      answering.add(server);
                    }
                  });
              assertThat(answering).as(() -> client.described("who answers")).containsOnly(servers);
            });
  }

  private void endUnharmed(String scenario) {
    LoadResult calls = client.load("end");
    LoadResult streams = client.load("streams");
    Scenario.of(scenario)
        .saw(
            "%d calls/s, %,d calls, %d failed; %,d messages on streams, which broke %d times"
                .formatted(RATE, calls.ok(), calls.failures(), streams.ok(), streams.failures()));
    assertThat(calls.failed()).as(() -> client.described("calls")).isEmpty();
    assertThat(streams.failed()).as(() -> client.described("streams")).isEmpty();
  }
}
