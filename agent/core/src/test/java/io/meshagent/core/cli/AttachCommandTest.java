package io.meshagent.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttachCommandTest {

  /** No process has it. */
  private static final String PID = "2147483647";

  @TempDir private Path dir;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private AttachCommand command;

  @BeforeEach
  void inAnEmptySystem() throws IOException {
    Files.createDirectory(dir.resolve("self"));
    command = new AttachCommand(new PrintStream(bytes, true, StandardCharsets.UTF_8), dir);
  }

  private List<String> out() {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"me", "-1", "0", "1x", "7 a b", "7 a=b c"})
  void wrong_use_of_attach_is_answered_with_the_usage(String words) {
    assertThat(command.attach(List.of(words.split(" ", -1)))).isEqualTo(2);
    assertThat(out()).hasSize(1).first().asString().startsWith("usage: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "me", "7 8"})
  void wrong_use_of_detach_is_answered_with_the_usage(String words) {
    assertThat(command.detach(List.of(words.split(" ", -1)))).isEqualTo(2);
    assertThat(out()).hasSize(1).first().asString().startsWith("usage: ");
  }

  @Test
  void settings_with_a_mistake_are_not_handed_over() {
    assertThat(command.attach(List.of(PID, "drain.dealy=1s", "app.weight=x"))).isEqualTo(1);
    assertThat(out()).hasSize(3).first().asString().contains("did you mean drain.delay");
    assertThat(out()).last().asString().startsWith("pid " + PID + ": was left as it is");
  }

  @Test
  void a_password_among_the_settings_is_said_to_be_readable() {
    assertThat(command.attach(List.of(PID, "etcd.user=a", "etcd.password=hunter2"))).isEqualTo(1);
    assertThat(out()).hasSize(2).noneMatch(line -> line.contains("hunter2"));
    assertThat(out().get(0)).startsWith("warning: etcd.password stands on a command line");
  }

  @Test
  void a_file_with_a_mistake_is_not_handed_over() throws IOException {
    Path file = dir.resolve("a.properties");
    Files.writeString(file, "app.nmae=a\n");
    assertThat(command.attach(List.of(PID, file.toString()))).isEqualTo(1);
    assertThat(out()).hasSize(2).last().asString().startsWith("pid " + PID + ": was left as it is");
  }

  @Test
  void a_process_that_is_not_there_is_told() {
    assertThat(command.attach(List.of(PID, "app.name=a"))).isEqualTo(1);
    assertThat(command.detach(List.of(PID))).isEqualTo(1);
    assertThat(out()).hasSize(2).containsOnly("pid " + PID + ": there is no such process.");
  }

  @Test
  void more_settings_than_a_jvm_takes_belong_into_a_file() throws IOException {
    Files.createDirectory(dir.resolve(PID));
    Files.writeString(dir.resolve(PID).resolve("maps"), "libjvm.so");
    List<String> words = new ArrayList<>(List.of(PID));
    for (int i = 0; i < 100; i++) {
      words.add("client.timeout@a.B/C" + i + "=1s");
    }
    assertThat(command.attach(words)).isEqualTo(1);
    assertThat(out()).last().asString().contains("put them into a file");
  }

  @ParameterizedTest
  @CsvSource({
    "com.example.Main --password secret, com.example.Main",
    "/opt/app.jar, /opt/app.jar",
    "'', (unknown)"
  })
  void the_list_shows_no_arguments(String commandLine, String shown) {
    assertThat(JvmList.main(commandLine)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "Operation not permitted, belongs to another user",
    "No such process, there is no such process",
    "'Failed to load agent library: Dynamic agent loading is not enabled. Use …', takes no agents",
    "'Failed to load agent library: …FindException: Module java.instrument not found', can't take",
    "instrument library is missing in target VM, can't take any agent",
    "the target VM is not responding, does not answer",
    "'Unable to open socket file /proc/7/root/tmp/.java_pid7: target process 7 …', does not answer",
    "what nobody knows, 'could not be given the order: what nobody knows'"
  })
  void what_the_api_says_is_put_in_words(String said, String sentence) {
    assertThat(AttachTrouble.isNone(said)).isFalse();
    assertThat(AttachTrouble.sentence(said)).startsWith(sentence);
  }

  @ParameterizedTest
  @CsvSource({", false", "'', true", "default, true", "allow, false", "disallow, false"})
  void a_security_manager_is_known_by_its_property(String property, boolean manager) {
    assertThat(AttachTrouble.hasManager(property)).isEqualTo(manager);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "Failed to load agent library: 0", "Non-numeric value found - int expected"})
  void versions_that_misunderstand_each_other_have_understood(String said) {
    assertThat(AttachTrouble.isNone(said)).isTrue();
  }
}
