package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Metrics;
import io.meshagent.it.harness.OtlpReceiver;
import io.meshagent.it.harness.OtlpReceiver.Received;
import io.meshagent.it.harness.Project;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Fat jars of Spring Boot: net.devh's starter under Boot 2.7 and 3.5, Spring gRPC under Boot 3.5
 * and 4.1. Two of a kind, a and b, run through all tests of a row.
 */
@Thorough
@ParameterizedClass(name = "{0} on Java {1}")
@TestInstance(Lifecycle.PER_CLASS)
@CsvSource({"boot4,25", "boot3,21", "devh2,8", "devh3,17"})
class SpringIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String SERVICES = "/services/";
  private static final String METHOD = "helloworld.Greeter/SayHello";

  /** What the interceptors of client and server leave on the way of each call. */
  private static final String TRAIL = "c1,c2,s1,s2,";

  @Parameter(0)
  private String kind;

  @Parameter(1)
  private int jdk;

  private EtcdServer etcd;
  private OtlpReceiver collector;
  private World world;
  private Jvm plain;
  private Jvm a;
  private Jvm b;

  @BeforeParameterizedClassInvocation
  void start(String row, int java) {
    kind = row;
    jdk = java;
    etcd = EtcdServer.start();
    collector = OtlpReceiver.start();
    world = World.on(etcd);
    a = greeter("a").start();
    b = greeter("b").start();
    plain = greeter("a").withoutAgent().start();
    List.of(a, b, plain).forEach(SpringIT::awaitPort);
    assertThatThrownBy(() -> plain.ask("call 1"))
        .as("without the agent the client has nobody to call")
        .hasMessageContaining("UNAVAILABLE");
    await().atMost(PATIENCE).until(() -> keys().size() == 2);
    a.awaitDirectory(2);
    b.awaitDirectory(2);
    await()
        .atMost(PATIENCE)
        .until(() -> b.ask("call 2").contains("a ") && a.ask("call 2").contains("b "));
  }

  @AfterParameterizedClassInvocation
  void stop() {
    world.close();
    collector.close();
    etcd.close();
  }

  private JvmBuilder greeter(String name) {
    Path jar = Project.jar("spring", kind + ".jar");
    return world
        .launch(name)
        .on(jdk)
        .jar(jar)
        .args("--greeter.name=" + name)
        .mesh("app.name", name)
        .mesh("drain.delay", "1500ms")
        .mesh("tracing.otlp.endpoint", collector.endpoint());
  }

  private static int awaitPort(Jvm jvm) {
    String line = jvm.await(text -> text.matches("port \\d+"), PATIENCE);
    jvm.await(text -> text.contains("Started Application"), PATIENCE);
    return Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
  }

  private static String key(Jvm jvm) {
    return SERVICES + "helloworld.Greeter/127.0.0.1:" + awaitPort(jvm);
  }

  private Set<String> keys() {
    return etcd.keys().get(SERVICES).keySet();
  }

  @Test
  void its_services_are_registered_and_none_of_the_frameworks() {
    assertThat(plain.stdout()).anyMatch(line -> line.contains("grpc.health.v1.Health"));
    assertThat(keys()).containsExactlyInAnyOrder(key(a), key(b));
  }

  @Test
  void its_client_bean_reaches_both_though_its_target_is_dead() {
    await()
        .atMost(PATIENCE)
        .until(
            () -> a.ask("call 20"),
            answer -> answer.matches("\\{a " + TRAIL + "=\\d+, b " + TRAIL + "=\\d+}"));
  }

  @Test
  void a_deadline_of_the_program_holds() {
    assertThat(a.ask("late")).isEqualTo("DEADLINE_EXCEEDED");
  }

  @Test
  void the_meters_of_the_framework_count_as_ever_and_ours_beside_them() {
    String ours = "grpc_client_call_duration_seconds_count";
    String theirs =
        kind.startsWith("boot") ? "grpc.client.received" : "grpc.client.responses.received";
    int before = count(b.ask("meters"), theirs);
    double oursBefore = b.metrics().sum(ours, "grpc_method", METHOD, "grpc_status", "OK");

    b.ask("call 10");

    assertThat(count(b.ask("meters"), theirs)).isEqualTo(before + 10);
    Metrics page = b.metrics();
    assertThat(page.sum(ours, "grpc_method", METHOD, "grpc_status", "OK"))
        .isEqualTo(oursBefore + 10);
    assertThat(page.sum("mesh_registration_state", "state", "ALIVE")).isOne();
  }

  /** The value behind a name in {@code name=value name=value}. */
  private static int count(String meters, String name) {
    for (String each : meters.split(" ", -1)) {
      if (each.startsWith(name + "=")) {
        return Integer.parseInt(each.substring(name.length() + 1));
      }
    }
    throw new AssertionError("no " + name + " in " + meters);
  }

  @Test
  void a_call_is_one_trace() {
    a.ask("call 4");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              List<Received> spans = collector.spans();
              List<Received> clients =
                  spans.stream().filter(span -> span.kind().equals("SPAN_KIND_CLIENT")).toList();
              assertThat(clients).hasSizeGreaterThanOrEqualTo(4);
              assertThat(clients)
                  .allSatisfy(
                      client ->
                          assertThat(
                                  spans.stream().filter(span -> span.parent().equals(client.id())))
                              .as("the server's span of " + client)
                              .singleElement()
                              .matches(server -> server.trace().equals(client.trace())));
            });
  }

  @Test
  void a_service_that_is_not_serving_is_withdrawn() {
    a.ask("health NOT_SERVING");
    await().atMost(PATIENCE).until(() -> keys().equals(Set.of(key(b))));
    assertThat(a.ask("health SERVING")).isEqualTo("SERVING");
    await().atMost(PATIENCE).until(() -> keys().equals(Set.of(key(a), key(b))));
  }

  @Test
  void a_restart_under_load_costs_no_call_and_nothing_more_is_said() {
    Jvm load = world.loadClient().start();
    load.awaitInstances(2);
    load.load("begin rate=50 name=sleep:20");
    await()
        .atMost(PATIENCE)
        .until(() -> load.load("count").okBy().keySet().equals(Set.of("a", "b")));
    String key = key(a);
    assertThat(a.terminate()).isEqualTo(143);
    assertThat(keys()).doesNotContain(key);
    int byB = load.load("count").okBy().get("b");
    await().atMost(PATIENCE).until(() -> load.load("count").okBy().get("b") > byB + 50);
    LoadResult result = load.load("end");
    Scenario.of("SIGTERM to one of two Spring programs (%s, Java %d)".formatted(kind, jdk))
        .saw("50 calls/s, %d calls, %d failed".formatted(result.ok(), result.failures()));
    assertThat(result.failures()).as(() -> a.described(result.toString())).isZero();
    checkWords();

    a = greeter("a").start();
    awaitPort(a);
    await().atMost(PATIENCE).until(() -> keys().size() == 2);
  }

  /** Of a whole life, beside that of the one without the agent. */
  private void checkWords() {
    assertThat(plain.terminate()).isEqualTo(143);
    assertThat(words(a.stdout())).isEqualTo(words(plain.stdout()));
    List<String> ours = a.stderr().stream().filter(line -> line.contains("[mesh-agent]")).toList();
    assertThat(ours).singleElement().asString().contains("governs gRPC");
    List<String> others =
        a.stderr().stream().filter(line -> !line.contains("[mesh-agent]")).toList();
    assertThat(others).isEqualTo(plain.stderr());
  }

  /**
   * Without the answers to a test, and what differs from run to run: numbers, folders, and which
   * thread happens to be Netty's first.
   */
  private static List<String> words(List<String> lines) {
    return lines.stream()
        .filter(line -> !line.matches("(done|failed) .*"))
        .map(line -> line.replaceAll("started by .*|\\[[ \\w-]+]", ""))
        .map(line -> line.replaceAll("[\\d.:]+", "0"))
        .toList();
  }
}
