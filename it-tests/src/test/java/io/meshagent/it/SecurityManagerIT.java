package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.AgentCommand;
import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.ForgedAgent;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.OtlpReceiver;
import io.meshagent.it.harness.PolicyFile;
import io.meshagent.it.harness.World;
import io.meshagent.it.programs.Intruder;
import io.meshagent.it.programs.RightsProbe;
import io.meshagent.it.tools.Commands;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A security manager with a policy that knows nothing of the agent: it works all the same, and the
 * program's code may do what it may do without us, no more and no less.
 */
class SecurityManagerIT {

  private static final String SHARING = "VM warning: Sharing is only supported for boot loader";

  private static final String CLASS_PATH = Classpaths.ofGreeter(Classpaths.MIDDLE);

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private static final OtlpReceiver COLLECTOR = OtlpReceiver.start();
  @AutoClose private final World world = World.on(ETCD);

  @ParameterizedTest(name = "Java {0}")
  @ValueSource(ints = 17)
  @ThoroughRows({"8", "11"})
  void a_policy_that_grants_the_program_little_and_us_nothing(int jdk) {
    world.with(Classpaths.MIDDLE, jdk);
    PolicyFile policy = PolicyFile.of(CLASS_PATH, CLASS_PATH);
    Jvm alone = under(policy, world.flakyServer("alone")).withoutAgent().start();
    Jvm server =
        under(policy, world.flakyServer("a"))
            .leavingFast()
            .mesh("tracing.otlp.endpoint", COLLECTOR.endpoint())
            .mesh("server.rate-limit.rate", "1000/s")
            .start();
    alone.awaitPort();
    server.awaitPort();
    Jvm client =
        under(policy, world.loadClient())
            .mesh("tracing.otlp.endpoint", COLLECTOR.endpoint())
            .mesh("client.timeout", "5s")
            .start();
    client.await("ready");
    client.awaitInstances(1);
    int spans = COLLECTOR.spans().size();
    assertThat(client.load("calls n=20").okBy())
        .as(() -> client.described("calls"))
        .isEqualTo(Map.of("a", 20));
    assertThat(client.load("stream messages=3").okBy()).isEqualTo(Map.of("a", 3));
    assertThat(COLLECTOR.awaitSpans(spans + 40, Jvm.PATIENCE)).isNotEmpty();
    client.say("quit");
    assertThat(client.awaitExit()).isZero();
    assertThat(server.terminate()).isEqualTo(143);
    assertThat(ETCD.keys().get("/services/helloworld.Greeter/")).isEmpty();
    alone.terminate();
    assertThat(ours(server)).as(() -> server.described("as without us")).isEqualTo(plain(alone));
    assertThat(ours(client)).as(() -> client.described("as without us")).isEqualTo(plain(alone));
  }

  @Thorough
  @ParameterizedTest(name = "Java {0}")
  @ValueSource(ints = {8, 11, 17})
  void the_programs_code_may_do_what_it_may_do_without_us(int jdk) {
    world.with(Classpaths.MIDDLE, jdk);
    // gRPC may do everything: what the program could gain is not held back by it.
    PolicyFile policy = PolicyFile.of(CLASS_PATH, Places.codeOf(RightsProbe.class).toString());
    Jvm alone = under(policy, world.program("alone", RightsProbe.class)).withoutAgent().start();
    String port = alone.ask("serve");
    assertThat(alone.ask("call localhost:" + port)).isEqualTo("probe probe");

    Jvm probe = under(policy, world.program("probe", RightsProbe.class)).start();
    // The channel is active before there is an instance, so threads of ours bring it to the
    // channel.
    assertThat(probe.ask("call localhost:1")).isEqualTo("UNAVAILABLE UNAVAILABLE");
    String ignored = probe.ask("serve");
    awaitAnswer(probe, "call localhost:1", "probe probe");

    assertThat(probe.ask("found"))
        .as(() -> probe.described(ignored))
        .isEqualTo(alone.ask("found"))
        .contains("handler=may and may not", "thread of the handler=may and may not")
        .contains("close=may and may not", "direct close=may and may not")
        .contains("interceptor=may and may not", "start=may and may not");
    if (jdk == 8) {
      assertThat(probe.ask("threads"))
          .isEqualTo(alone.ask("threads"))
          .contains("-worker-ELG-=may not", "grpc-default-executor-=may not")
          .doesNotContain("=may,", "=may}", "=may here");
    }
  }

  @ParameterizedTest(name = "Java {0}, our jar in the policy: {1}")
  @CsvSource("17, false")
  @ThoroughRows({"8, false", "11, false", "8, true", "17, true"})
  void code_without_rights_gets_none_by_what_is_public_of_us(int jdk, boolean trusted) {
    world.with(Classpaths.MIDDLE, jdk);
    PolicyFile policy = PolicyFile.of(CLASS_PATH, CLASS_PATH);
    if (trusted) {
      policy.trusting(Places.agentJar().toString());
    }
    Jvm host = under(policy, world.program("host", Intruder.class)).start();
    String port = host.ask("serve");
    String key = "/services/helloworld.Greeter/127.0.0.1:" + port;
    await().atMost(Jvm.PATIENCE).until(() -> ETCD.keys().get(key).size() == 1);
    String intruded = host.ask("intrude " + ForgedAgent.jar());
    assertThat(List.of(intruded.replaceAll("[{}]", "").split(", ", -1)))
        .as(() -> host.described(intruded))
        .hasSize(17)
        .allMatch(attempt -> attempt.endsWith("=refused"));
    assertThat(host.ask("manager")).isEqualTo("true");
    assertThat(host.stdout()).noneMatch(line -> line.contains(ForgedAgent.SAYS));
    assertUntroubled(host);
    assertThat(ETCD.keys().get("/services/"))
        .as(() -> host.described("governed as before, and by one engine"))
        .containsOnlyKeys(key);
    assertThat(host.stderr()).filteredOn(line -> line.contains("governs gRPC")).hasSize(1);
  }

  @Thorough
  @Test
  void a_policy_may_name_our_jar() {
    world.with(Classpaths.MIDDLE, 17);
    PolicyFile policy =
        PolicyFile.of(CLASS_PATH, CLASS_PATH).trusting(Places.agentJar().toString());
    Jvm server = under(policy, world.flakyServer("a")).start();
    server.awaitPort();
    server.awaitError(line -> line.contains("governs gRPC"), Jvm.PATIENCE);
    assertThat(server.terminate()).isEqualTo(143);
    assertThat(server.stderr())
        .as(() -> server.described("nothing was appended, so the VM has nothing to say"))
        .noneMatch(line -> line.contains(SHARING));
  }

  @Thorough
  @ParameterizedTest(name = "Java {0}")
  @ValueSource(ints = {8, 17})
  void a_manager_that_the_program_sets_before_it_uses_grpc(int jdk) {
    Jvm probe = setsItself(jdk);
    probe.ask("manager");
    String unused = probe.ask("serve");
    awaitAnswer(probe, "call localhost:1", "probe probe");
    assertThat(probe.ask("found")).contains("{close=may and may not, ").doesNotContain("and may,");
    assertUntroubled(probe);
  }

  @Thorough
  @ParameterizedTest(name = "Java {0}")
  @ValueSource(ints = {8, 17})
  void a_manager_that_the_program_sets_when_all_is_running(int jdk) {
    Jvm probe = setsItself(jdk);
    String unused = probe.ask("serve");
    awaitAnswer(probe, "call localhost:1", "probe probe");
    probe.ask("manager");
    awaitAnswer(probe, "call localhost:2", "probe probe");
    assertThat(probe.ask("found")).contains("{close=may and may not, ").doesNotContain("and may,");
    assertUntroubled(probe);
  }

  @Thorough
  @ParameterizedTest(name = "Java {0}")
  @ValueSource(ints = {8, 17})
  void a_manager_that_refuses_us_costs_one_line_and_not_the_program(int jdk) {
    Jvm probe = setsItself(jdk);
    probe.ask("refuse");
    String port = probe.ask("serve");
    assertThat(probe.ask("call localhost:" + port)).isEqualTo("probe probe");
    assertThat(probe.stderr())
        .filteredOn(line -> line.contains("[mesh-agent]"))
        .as(() -> probe.described("one line"))
        .singleElement()
        .asString()
        .contains("the program runs without it", "security manager", "AllPermission");
  }

  @Thorough
  @ParameterizedTest(name = "Java {0}")
  @ValueSource(ints = {8, 17})
  void attaching_and_detaching_takes_a_policy_that_names_our_jar(int jdk) {
    world.with(Classpaths.MIDDLE, jdk);
    PolicyFile policy = PolicyFile.of(CLASS_PATH, CLASS_PATH);
    Jvm outside = under(policy, world.flakyServer("outside")).withoutAgent().start();
    Jvm inside = under(policy, world.flakyServer("inside")).start();
    outside.awaitPort();
    inside.awaitPort();
    String refusal = "has not answered, because its security manager does not let the agent come";
    CompletableFuture<Commands.Result> attach =
        CompletableFuture.supplyAsync(() -> AgentCommand.run("attach", outside.pid()));
    assertThat(AgentCommand.run("detach", inside.pid()).output()).contains(refusal);
    assertThat(attach.join().output()).contains(refusal);
    assertThat(ETCD.keys().get("/services/helloworld.Greeter/"))
        .as("still registered, and nobody else")
        .containsOnlyKeys("/services/helloworld.Greeter/127.0.0.1:" + inside.awaitPort());
    assertThat(outside.stderr())
        .filteredOn(line -> line.contains("[mesh-agent]"))
        .singleElement()
        .asString()
        .contains("nothing was changed");

    Jvm trusting =
        under(
                PolicyFile.of(CLASS_PATH, CLASS_PATH).trusting(Places.agentJar().toString()),
                world.flakyServer("trusting"))
            .withoutAgent()
            .start();
    trusting.awaitPort();
    assertThat(AgentCommand.attach(trusting)).contains("governs gRPC");
    assertThat(AgentCommand.detach(trusting)).contains("is let go");
  }

  private Jvm setsItself(int jdk) {
    JvmBuilder probe = world.with(Classpaths.MIDDLE, jdk).program("probe", RightsProbe.class);
    if (jdk > 11) {
      probe.property("java.security.manager", "allow");
    }
    PolicyFile policy = PolicyFile.of(CLASS_PATH, CLASS_PATH);
    return probe.property("java.security.policy", "=" + policy.path()).start();
  }

  private static void assertUntroubled(Jvm jvm) {
    assertThat(jvm.stderr())
        .as(() -> jvm.described("not a word of the agent but the line at start"))
        .noneMatch(line -> line.contains("[mesh-agent]") && !line.contains("governs gRPC"));
  }

  /** Only once it is registered: before that calls fail, and their circuit opens with a line. */
  private static void awaitAnswer(Jvm probe, String command, String answer) {
    await()
        .atMost(Jvm.PATIENCE)
        .until(() -> !ETCD.keys().get("/services/helloworld.Greeter/").isEmpty());
    await().atMost(Jvm.PATIENCE).until(() -> probe.ask(command).equals(answer));
  }

  private static JvmBuilder under(PolicyFile policy, JvmBuilder program) {
    return program
        .property("java.security.manager", "default")
        .property("java.security.policy", "=" + policy.path());
  }

  /** What was said but for the line at start and, from Java 9 on, the VM's about our append. */
  private static List<String> ours(Jvm jvm) {
    List<String> said = new ArrayList<>(plain(jvm));
    assertThat(said.removeIf(line -> line.contains("governs gRPC"))).isTrue();
    said.removeIf(line -> line.contains(SHARING));
    return said;
  }

  /** Without the times that the JDK's logging says. */
  private static List<String> plain(Jvm jvm) {
    return jvm.stderr().stream().filter(line -> !line.matches("\\w+ \\d+, \\d+ .*")).toList();
  }
}
