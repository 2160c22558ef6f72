package io.meshagent.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is made of the declared table: errors, help and completion. */
class CommandTableTest {

  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... words) {
    out.reset();
    err.reset();
    return CommandLine.run(
        words,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "explian, there is no command explian; did you mean explain?",
    "policies lsit, there is no command policies lsit; did you mean policies list?",
    "explain, explain needs METHOD.",
    "explain a/b --heder x=y, explain has no option --heder; did you mean --header?",
    "explain a/b --header, --header needs a value: --header NAME=VALUE.",
    "explain a/b c/d, explain does not know what to do with c/d.",
    "explain a/b --json=1, --json takes no value.",
    "explain a/b, say which program is meant: either --pid PID (attach without a PID lists them) or --url HOST:PORT.",
    "explain a/b --pid x, x is no process id.",
    "policies unset a, policies unset needs key ....",
    "watch --for soon, 'soon is no time; write it as 500ms, 30s, 5m or 2h.'",
    "completion fish, there is no completion for fish.",
    "breaker close, breaker close needs METHOD.",
  })
  void wrong_words_are_told_with_what_was_probably_meant(String words, String sentence) {
    assertThat(run(words.split(" "))).isEqualTo(2);
    assertThat(err()).contains("mesh-agent: " + sentence).contains("usage: java ");
    assertThat(out()).isEmpty();
  }

  @Test
  void each_command_says_what_it_takes() {
    CommandLine.table()
        .names()
        .forEach(
            name -> {
              String[] words = (name + " --help").split(" ");
              if (!name.equals("check")) {
                assertThat(run(words)).as(name).isZero();
                assertThat(out()).startsWith("usage: java -jar mesh-agent.jar " + name);
              }
              assertThat(run(("help " + name).split(" "))).as(name).isZero();
              assertThat(out()).startsWith("usage: java -jar mesh-agent.jar " + name);
            });
    assertThat(run("help")).isZero();
    assertThat(out()).contains("  explain METHOD ", "  policies put NAME FILE|-");
    assertThat(run("version")).isZero();
    assertThat(out()).startsWith("mesh-agent ");
  }

  @ParameterizedTest
  @CsvSource({"policies --help", "policies -h", "policies help", "help policies"})
  void a_first_word_alone_says_what_may_follow_it(String words) {
    assertThat(run(words.split(" "))).isZero();
    assertThat(out())
        .startsWith("usage: java -jar mesh-agent.jar policies list|get|")
        .contains("  policies put NAME FILE|-", "  policies unset NAME key ...")
        .doesNotContain("  explain METHOD");
    assertThat(err()).isEmpty();
  }

  @Test
  void the_version_is_asked_for_as_of_other_programs_too() {
    assertThat(run("version")).isZero();
    String version = out();
    assertThat(run("--version")).isZero();
    assertThat(out()).isEqualTo(version).startsWith("mesh-agent ");
    assertThat(run("--version", "--json")).isZero();
    assertThat(out()).startsWith("{").contains("\"commit\":null");
  }

  @ParameterizedTest
  @CsvSource({
    "po, policies",
    "policies un, unset",
    "explain --h, --help --header",
    "breaker c, close",
    "policies unset name client.time, client.timeout",
    "policies set name client.time, client.timeout=",
    "calls --url x, ''",
    "completion z, zsh",
  })
  void a_real_bash_completes_the_words(String words, String expected)
      throws IOException, InterruptedException {
    assertThat(run("completion", "bash")).isZero();
    Path script = folder.resolve("completion");
    Path unused = Files.writeString(script, out());
    List<String> typed = List.of(("mesh-agent " + words).split(" "));
    String ask =
        "source '"
            + script
            + "'; COMP_WORDS=("
            + String.join(" ", typed)
            + "); COMP_CWORD="
            + (typed.size() - 1)
            + "; _mesh_agent; echo \"${COMPREPLY[*]}\"";
    Process bash =
        new ProcessBuilder("bash", "--norc", "-c", ask)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile())
            .start();
    assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(folder.resolve("said")).strip()).isEqualTo(expected);
  }

  @Test
  void zsh_takes_the_same_by_its_own_bashcompinit() {
    assertThat(run("completion", "zsh")).isZero();
    assertThat(out()).contains("bashcompinit", "complete -F _mesh_agent mesh-agent");
  }
}
