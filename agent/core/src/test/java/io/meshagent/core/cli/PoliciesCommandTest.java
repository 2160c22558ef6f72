package io.meshagent.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.config.TestSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What needs no etcd: wrong use, mistakes that are found before anything is asked, and answers. */
class PoliciesCommandTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private int run(String stdin, String... args) {
    return new PoliciesCommand(
            new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(bytes, true, StandardCharsets.UTF_8),
            TestSettings.defaults())
        .run(List.of(args));
  }

  private List<String> out() {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lsit",
        "list a",
        "show",
        "show a b",
        "put a",
        "put a b c",
        "set a",
        "set a b",
        "set a =b",
        "delete",
        "delete a b"
      })
  void wrong_use_is_answered_with_the_usage(String words) {
    assertThat(run("", words.split(" "))).isEqualTo(2);
    assertThat(out().get(0)).startsWith("usage: ");
  }

  @Test
  void all_mistakes_of_a_document_are_told_at_once() {
    String text = "client.timeuot=1s\nclient.balance=fast\napp.name=x\napply-to.percent=200\n";
    assertThat(run(text, "put", "a", "-")).isEqualTo(1);
    assertThat(out()).hasSize(5).last().asString().startsWith("Nothing was written");
    assertThat(out()).anyMatch(line -> line.contains("did you mean client.timeout?"));
    assertThat(out()).anyMatch(line -> line.contains("apply-to.percent=200"));
  }

  @Test
  void no_program_has_it_so_nothing_is_said_of_what_counts_there() {
    assertThat(run("", "set", "a", "client.timeout=soon", "app.name=x")).isEqualTo(1);
    assertThat(out()).hasSize(3).noneMatch(line -> line.contains("using"));
    assertThat(out().get(0)).endsWith("or off.");
    assertThat(out().get(1)).endsWith("can be set only for the start of the program.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "help"})
  void who_asks_for_help_gets_it(String word) {
    assertThat(run("", word)).isZero();
    assertThat(out().get(0)).startsWith("usage: ");
  }

  @Test
  void so_are_those_of_single_settings() {
    assertThat(run("", "set", "a", "faults=of", "client.timeout=1")).isEqualTo(1);
    assertThat(out()).hasSize(3).first().asString().contains("faults=of");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "client.timeout=1s\nfaults=off",
        "client.timeout=1s\rfaults=off",
        "a\nb=c",
        "client.balance=p2c\\"
      })
  void a_setting_is_one_line(String assignment) {
    assertThat(run("", "set", "a", "faults=off", assignment)).isEqualTo(1);
    assertThat(out()).singleElement().asString().contains("nothing was written");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "/a", "a/", "a//b", "ä", "a\nb"})
  void a_name_is_one_that_can_be_told(String name) {
    assertThat(run("faults=off", "put", name, "-")).isEqualTo(1);
    assertThat(out()).singleElement().asString().contains("nothing was written");
  }

  @Test
  void nor_is_anything_written_that_nobody_would_read() {
    assertThat(run("#".repeat(64 * 1024 + 1), "put", "a", "-")).isEqualTo(1);
    assertThat(out().get(0)).contains("longer than 64 KiB");
    assertThat(run("", "put", "a", "/nowhere/at/all")).isEqualTo(1);
    assertThat(out()).last().asString().contains("can't be read");
  }

  @Test
  void a_secret_in_a_mistake_is_not_told() {
    assertThat(run("", "set", "a", "etcd.password=hunter2")).isEqualTo(1);
    assertThat(out()).noneMatch(line -> line.contains("hunter2"));
  }

  @Test
  void without_etcd_there_is_nowhere_to_look() {
    assertThat(run("")).isEqualTo(1);
    assertThat(out()).singleElement().asString().contains("etcd.endpoints is not set");
  }

  @Test
  void answers_are_counted_by_what_they_say() {
    String row = "{\"document\":\"a\",\"revision\":7,\"state\":\"read\",\"in force\":7,";
    Map<String, String> reports =
        Map.of(
            "1", report(row + "\"problems\":[]}"),
            "2", report(row.replace("force\":7", "force\":null") + "\"problems\":[]}"),
            "3", report(row.replace("read", "refused") + "\"problems\":[\"a:1: no.\"]}"),
            "4", report(row.replace("revision\":7", "revision\":6") + "\"problems\":[]}"),
            "5", report(""),
            "6", "no report",
            "7", "{\"documents\":[{}]}");
    assertThat(PolicyAnswers.of(reports, "a", 7).summary())
        .isEqualTo(
            "in force in 1 program, not for 1 program, refused by 1 program, not read yet by 2"
                + " programs");
    assertThat(PolicyAnswers.of(Map.of(), "a", 7).summary()).isEqualTo("in force in 0 programs");
  }

  @Test
  void the_exit_status_says_whether_any_program_runs_it() {
    String runs =
        "{\"document\":\"a\",\"revision\":7,\"state\":\"read\",\"in force\":7,\"problems\":[]}";
    String late = runs.replace("7", "6");
    String notMeant = runs.replace("force\":7", "force\":null");
    String refuses = runs.replace("read", "refused");

    assertThat(status(7, runs, late, notMeant)).isZero();
    assertThat(status(7)).as("nobody is there").isZero();
    assertThat(status(7, late)).isEqualTo(3);
    assertThat(status(7, late, notMeant, "")).isEqualTo(3);
    assertThat(status(7, notMeant)).isEqualTo(3);
    assertThat(status(7, runs, refuses)).isEqualTo(1);
    assertThat(status(PolicyAnswers.GONE, runs)).as("still there").isEqualTo(3);
    assertThat(status(PolicyAnswers.GONE, "")).isZero();
  }

  @Test
  void one_program_is_told_of_as_one() {
    String row = "{\"document\":\"a\",\"revision\":7,\"state\":\"read\",\"in force\":7,";
    Map<String, String> one = Map.of("1", report(row + "\"problems\":[]}"));
    PolicyAnswers.of(one, "a", 7).tell(false, new PrintStream(bytes, true, StandardCharsets.UTF_8));
    assertThat(out()).containsExactly("1 program: runs it:", "  shop 1 (1)");
  }

  private static int status(long revision, String... rows) {
    Map<String, String> reports = new HashMap<>();
    for (String row : rows) {
      reports.put("program " + reports.size(), report(row));
    }
    return PolicyAnswers.of(reports, "a", revision).status();
  }

  private static String report(String row) {
    return "{\"id\":\"x\",\"app\":\"shop\",\"version\":\"1\",\"documents\":[" + row + "]}";
  }
}
