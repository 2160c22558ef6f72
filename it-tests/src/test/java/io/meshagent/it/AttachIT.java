package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.AgentCommand;
import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Commands;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Ring;
import io.meshagent.it.tools.ring.Thorough;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The agent comes into programs that run already, and goes out of them again. */
class AttachIT {

  private static final int RATE = 200;
  private static final int STREAMS = 5;
  private static final String KEYS = "/services/helloworld.Greeter/";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** On a busy machine etcd answers a new JVM late, which is told as trouble if it is too late. */
  private static final String PATIENT = "discover.first-wait=30s";

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  /** What the client's channel was built for. It knows of no other. */
  private Jvm original;

  /** Found in etcd only. */
  private Jvm other;

  private Jvm client;

  static Stream<Arguments> places() {
    return Ring.rows(
        List.of(Arguments.of(Classpaths.NEWEST, 17)),
        List.of(
            Arguments.of(Classpaths.FLOOR, 8),
            Arguments.of(Classpaths.MIDDLE, 17),
            Arguments.of(Classpaths.NEWEST, 25)));
  }

  @ParameterizedTest(name = "gRPC {0}, Java {1}")
  @MethodSource("places")
  void attach_and_detach_under_load_cost_no_call(String grpc, int jdk) {
    start(grpc, jdk);
    begin("streams=" + STREAMS);

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

    AgentCommand.attach(original, PATIENT);
    AgentCommand.attach(client, PATIENT);
    awaitKeys(original, other);
    awaitAnswersOf("original", "other");

    AgentCommand.detach(original);
    awaitAnswersOf("other");
    AgentCommand.detach(client);
    awaitAnswersOf("original");
    endUnharmed("attach and detach, twice each, gRPC " + grpc + ", Java " + jdk);
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

  @Thorough
  @Test
  void says_in_a_sentence_what_was_done_or_why_not() {
    world.with(Classpaths.MIDDLE, Runtime.version().feature());
    Jvm jvm = world.leavingServer("a").withoutAgent().start();
    jvm.awaitPort();
    String pid = "pid " + jvm.pid() + ": ";

    refuses(pid + "is not governed, so there is nothing to detach.", "detach", jvm.pid());
    Commands.Result wrong = AgentCommand.run("attach", jvm.pid(), "drain.delay=soon");
    assertThat(wrong.ok()).isFalse();
    assertThat(wrong.output())
        .contains("drain.delay=soon")
        .endsWith(pid + "was left as it is; correct the configuration first.\n");
    assertThat(line(jvm)).doesNotContain("governed");

    AgentCommand.attach(jvm);
    refuses(
        pid + "is governed already, so nothing was changed; detach it first to attach it anew.",
        "attach",
        jvm.pid());
    assertThat(line(jvm)).endsWith("LeavingServer  governed");
    assertThat(AgentCommand.detach(jvm))
        .isEqualTo(pid + "is let go; calls under way end as they began.");
    assertThat(line(jvm)).doesNotContain("governed");

    jvm.kill9();
    refuses(pid + "there is no such process.", "attach", jvm.pid());
    assertNoTrouble(jvm);
  }

  @Thorough
  @Test
  void orders_that_are_given_at_the_same_moment_are_all_answered() {
    world.with(Classpaths.MIDDLE, Runtime.version().feature());
    Jvm jvm = world.leavingServer("a").withoutAgent().start();
    jvm.awaitPort();
    String pid = "pid " + jvm.pid() + ": ";

    assertThat(twice("attach", jvm))
        .containsExactlyInAnyOrder(
            governs(jvm, Classpaths.MIDDLE, "1 server, 0 channels"),
            pid
                + "is governed already, so nothing was changed; detach it first to attach it anew.");
    assertThat(twice("detach", jvm))
        .containsExactlyInAnyOrder(
            pid + "is let go; calls under way end as they began.",
            pid + "is not governed, so there is nothing to detach.");
    assertNoTrouble(jvm);
  }

  /** What two shells say that give the order at once. */
  private static List<String> twice(String order, Jvm jvm) {
    CompletableFuture<Commands.Result> other =
        CompletableFuture.supplyAsync(() -> AgentCommand.run(order, jvm.pid()));
    String one = AgentCommand.run(order, jvm.pid()).output();
    return List.of(one.strip(), other.join().output().strip());
  }

  @Thorough
  @Test
  void a_stopped_program_is_told_and_holds_up_nobody() {
    world.with(Classpaths.MIDDLE, Runtime.version().feature());
    Jvm jvm = world.leavingServer("a").withoutAgent().start();
    jvm.awaitPort();
    AgentCommand.attach(jvm);
    jvm.signal("STOP");

    refuses(
        "pid %d: is stopped, so it was left as it is; kill -CONT %d lets it go on, and then give the command again."
            .formatted(jvm.pid(), jvm.pid()),
        "detach",
        jvm.pid());
    assertThat(line(jvm)).endsWith("LeavingServer");
    jvm.signal("CONT");
    AgentCommand.detach(jvm);
    assertNoTrouble(jvm);
  }

  @Thorough
  @Test
  void an_agent_that_is_named_twice_comes_once_and_goes_with_one_order() throws IOException {
    world.with(Classpaths.MIDDLE, Runtime.version().feature());
    Path copy = Places.newDirectory("copy").resolve("mesh-agent.jar");
    Files.copy(Places.agentJar(), copy);
    Jvm jvm = world.leavingServer("a").otherAgent(copy, "", false).start();
    awaitKeys(jvm);

    AgentCommand.detach(jvm);
    awaitKeys();
    awaitNoThreadOfTheAgent(jvm);
    assertThat(jvm.stderr())
        .filteredOn(line -> line.contains("[mesh-agent] warn"))
        .singleElement()
        .asString()
        .contains("the agent is named twice", "the first one counts");
  }

  @Thorough
  @Test
  void a_jar_that_was_replaced_by_another_version_takes_a_restart() throws IOException {
    world.with(Classpaths.MIDDLE, Runtime.version().feature());
    Path jar = Places.newDirectory("replaced").resolve("mesh-agent.jar");
    Files.copy(Places.agentJar(), jar);
    Jvm jvm = world.leavingServer("a").agentJar(jar).start();
    awaitKeys(jvm);
    AgentCommand.detach(jvm);
    Files.move(ofVersion("9.9.9"), jar, StandardCopyOption.REPLACE_EXISTING);

    Commands.Result attach = AgentCommand.run("attach", jvm.pid());
    assertThat(attach.ok()).isFalse();
    assertThat(attach.output())
        .contains("is not governed, because the agent's jar there was replaced")
        .contains("9.9.9 is there now", "the program's next start takes the new one");
    assertNoTrouble(jvm);
  }

  /** The agent's jar, but for what its manifest says. */
  private static Path ofVersion(String version) throws IOException {
    Path folder = Places.newDirectory("newer");
    Path jar = Files.copy(Places.agentJar(), folder.resolve("mesh-agent.jar"));
    Path manifest =
        Files.writeString(folder.resolve("m"), "Implementation-Version: " + version + "\n");
    int exit =
        ToolProvider.findFirst("jar")
            .orElseThrow()
            .run(System.out, System.err, "ufm", jar.toString(), manifest.toString());
    assertThat(exit).isZero();
    return jar;
  }

  private static void refuses(String sentence, Object... command) {
    Commands.Result result = AgentCommand.run(command);
    assertThat(result.output()).isEqualTo(sentence + "\n");
    assertThat(result.ok()).isFalse();
  }

  /** The program's line in the list. */
  private static String line(Jvm jvm) {
    return AgentCommand.run("attach")
        .output()
        .lines()
        .filter(line -> line.startsWith(jvm.pid() + " "))
        .findFirst()
        .orElseThrow();
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

  private static String governs(Jvm jvm, String grpc, String what) {
    return "pid " + jvm.pid() + ": governs gRPC " + grpc + ": " + what + ".";
  }

  private void begin(String options) {
    client.load(
        "begin rate=" + RATE + " channel=target:localhost:" + original.awaitPort() + " " + options);
    await().atMost(PATIENCE).until(() -> client.load("count").ok() > RATE);
  }

  private void awaitKeys(Jvm... servers) {
    String[] keys = new String[servers.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = KEYS + "127.0.0.1:" + servers[i].awaitPort();
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(ETCD.keys().get(KEYS)).containsOnlyKeys(keys));
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

  private static void awaitNoThreadOfTheAgent(Jvm jvm) {
    await("no thread of the agent's in " + jvm)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () ->
                assertThat(AgentCommand.jcmd(jvm, "Thread.print").lines())
                    .noneMatch(line -> line.startsWith("\"mesh-agent")));
  }

  private static void awaitNoLoaderOfTheAgent(Jvm jvm) {
    await("no loader of the agent's in " + jvm)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () ->
                assertThat(AgentCommand.jcmd(jvm, "GC.class_histogram"))
                    .doesNotContain("io.meshagent.bootstrap.AgentLoader"));
  }

  /** The VM's own note on newer Java, our lines, and nothing that failed. */
  private static void assertNoTrouble(Jvm jvm) {
    assertThat(jvm.stderr())
        .as(() -> jvm.described("stderr"))
        .allMatch(
            line ->
                line.isEmpty()
                    || line.startsWith("WARNING: ")
                    || line.contains("[mesh-agent] info: "));
  }
}
