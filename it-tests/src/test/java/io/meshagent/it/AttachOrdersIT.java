package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.it.harness.AgentCommand;
import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.tools.Commands;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Thorough;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/** What becomes of an order to attach or detach, and what it says. */
@Thorough
class AttachOrdersIT extends AttachFixture {

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
}
