package io.meshagent.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetProcessTest {

  @TempDir private Path proc;

  @BeforeEach
  void isLinux() throws IOException {
    Files.createDirectory(proc.resolve("self"));
  }

  private TargetProcess process(String maps, String... commandLine) throws IOException {
    Path folder = Files.createDirectory(proc.resolve("7"));
    Files.writeString(folder.resolve("maps"), maps);
    Files.writeString(folder.resolve("cmdline"), String.join("\0", commandLine));
    return new TargetProcess(proc, "7");
  }

  @Test
  void a_process_that_is_not_there_is_not_signalled() {
    assertThat(new TargetProcess(proc, "8").obstacle(false)).isEqualTo("there is no such process.");
  }

  @Test
  void a_process_that_is_no_jvm_would_die_of_the_signal() throws IOException {
    assertThat(process("7f00 /usr/lib/libc.so.6", "sleep", "1").obstacle(false))
        .startsWith("is no Java program");
  }

  @Test
  void the_pid_of_a_jvm_in_a_container_may_be_another_process_here() throws IOException {
    assertThat(process("7f00 /usr/lib/libc.so.6", "init").obstacle(true))
        .startsWith("is no Java program");
  }

  @Test
  void a_jvm_may_be_one_that_hides_from_the_list() throws IOException {
    assertThat(process("7f00 /opt/java/lib/server/libjvm.so", "java", "A").obstacle(false))
        .isNull();
  }

  @Test
  void a_jvm_that_is_stopped_would_carry_out_the_order_when_nobody_expects_it_any_more()
      throws IOException {
    TargetProcess process = process("", "java", "A");
    Files.writeString(proc.resolve("7/stat"), "7 (a) R b) T 1 7 7 0 -1");
    assertThat(process.isStopped()).isTrue();
    assertThat(process.obstacle(true)).startsWith("is stopped").contains("kill -CONT 7");
    Files.writeString(proc.resolve("7/stat"), "7 (java) S 1 7 7 0 -1");
    assertThat(process.obstacle(true)).isNull();
    Files.writeString(proc.resolve("7/stat"), "7 (java) Z 1 7 7 0 -1");
    assertThat(process.obstacle(false)).isEqualTo("there is no such process.");
  }

  @Test
  void a_jvm_of_another_kind_is_for_those_who_see_it_in_their_list() throws IOException {
    TargetProcess process =
        process("7f00 /opt/java/lib/default/libj9vm29.so\n7f01 /opt/java/lib/server/libjvm.so");
    assertThat(process.obstacle(false)).contains("not one of this machine's HotSpot JVMs");
    assertThat(process.obstacle(true)).isNull();
  }

  @Test
  void a_jvm_without_the_mechanism_would_print_its_threads_instead() throws IOException {
    assertThat(process("", "java", "-XX:+DisableAttachMechanism", "A").obstacle(true))
        .contains("-XX:+DisableAttachMechanism", "start it with -javaagent instead");
  }

  @Test
  void a_jvm_that_takes_no_agents_is_told_whatever_the_attach_api_understands() throws IOException {
    assertThat(process("", "java", "-XX:-EnableDynamicAgentLoading", "A").obstacle(true))
        .startsWith("takes no agents while it runs");
  }

  @Test
  void elsewhere_the_list_is_all_there_is_to_go_by() throws IOException {
    Files.delete(proc.resolve("self"));
    assertThat(new TargetProcess(proc, "7").obstacle(true)).isNull();
    assertThat(new TargetProcess(proc, "7").obstacle(false)).startsWith("is none of the JVMs");
  }

  @Test
  void sees_the_flag_that_it_was_started_with() throws IOException {
    TargetProcess process = process("", "java", "-javaagent:/opt/mesh-agent.jar=a.properties");
    assertThat(process.hasAgentFlag()).isTrue();
    Files.writeString(proc.resolve("7/cmdline"), "java\0-javaagent:/opt/other.jar\0mesh-agent");
    assertThat(process.hasAgentFlag()).isFalse();
    Files.writeString(
        proc.resolve("7/environ"), "A=b\0JAVA_TOOL_OPTIONS=-Xmx1g -javaagent:mesh-agent-1.2.jar");
    assertThat(process.hasAgentFlag()).isTrue();
  }
}
