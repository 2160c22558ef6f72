package io.meshagent.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.meshagent.core.check.Finding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {

  @TempDir Path dir;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    return CommandLine.run(
        args,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private List<String> out() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void a_good_file_has_so_many_settings() throws IOException {
    Path file = dir.resolve("a.properties");
    Files.writeString(file, "app.name=a\nclient.timeout@a.B=1s\n");

    assertThat(run("check", "--offline", file.toString())).isZero();
    assertThat(out()).containsExactly(good() + file + ": 2 settings, no problem.");
  }

  private static String good() {
    return CheckCommand.mark(Finding.Mark.GOOD, CheckCommand.canShow(CheckCommand.charset())) + " ";
  }

  @Test
  void a_bad_file_is_told_all_at_once() throws IOException {
    Path file = dir.resolve("a.properties");
    Files.writeString(file, "app.nmae=a\nclient.timeout=1\n");

    assertThat(run("check", "--offline", file.toString())).isEqualTo(1);
    assertThat(out()).hasSize(2).allMatch(line -> line.matches("\\S \\Q" + file + "\\E:[12]: .*"));
  }

  @Test
  void a_password_that_would_go_over_a_plain_wire_is_a_problem() throws IOException {
    Path file = dir.resolve("a.properties");
    String text = "etcd.endpoints=http://10.0.0.5:2379\netcd.user=a\netcd.password=hunter2\n";
    Files.writeString(file, text);

    assertThat(run("check", "--offline", file.toString())).isEqualTo(1);
    assertThat(out()).singleElement().asString().contains("10.0.0.5 over http://");
    assertThat(out()).noneMatch(line -> line.contains("hunter2"));

    Files.writeString(file, text.replace("10.0.0.5", "localhost"));
    assertThat(run("check", "--offline", file.toString())).isZero();
  }

  @Test
  void an_etcd_that_is_none_has_no_other_one_written() {
    assertThat(run("drain", "10.0.0.1:1", "--etcd", "nonsense")).isEqualTo(2);
    assertThat(run("drain", "10.0.0.1:1", "--off", "--etcd", "")).isEqualTo(2);
    assertThat(run("console", "--etcd", "10.0.0.1")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("--etcd nonsense is not a list like http://host:port", "--etcd names no etcd.");
  }

  @Test
  void a_page_of_another_kind_than_an_agents_is_no_failure_of_the_command() {
    for (String url : List.of("ftp://x", "file:///etc/passwd", "https://127.0.0.1:1")) {
      assertThat(run("explain", "a.B/C", "--url", url)).as(url).isEqualTo(2);
    }
  }

  @Test
  void a_question_that_makes_no_sense_is_no_silence() throws IOException {
    HttpServer agent = answering("Name a method.", 400);
    try {
      assertThat(run("explain", "x".repeat(400), "--url", address(agent))).isEqualTo(2);
      assertThat(err.toString(StandardCharsets.UTF_8)).contains("Name a method.");
    } finally {
      agent.stop(0);
    }
  }

  /** Each explanation takes turns. */
  @Test
  void an_agent_that_is_busy_is_asked_again() throws IOException {
    HttpServer agent = answering("{}", 503, 503, 200);
    try {
      assertThat(run("explain", "a.B/C", "--json", "--url", address(agent))).isZero();
      assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    } finally {
      agent.stop(0);
    }
  }

  /** Gives these statuses one after the other, and the last again and again. */
  private static HttpServer answering(String body, Integer... statuses) throws IOException {
    HttpServer agent =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    Deque<Integer> left = new ArrayDeque<>(List.of(statuses));
    agent.createContext(
        "/",
        exchange -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          int status = left.size() > 1 ? left.remove() : left.element();
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    agent.start();
    return agent;
  }

  private static String address(HttpServer agent) {
    return "127.0.0.1:" + agent.getAddress().getPort();
  }

  @Test
  void a_missing_file_is_a_problem() {
    assertThat(run("check", "--offline", dir.resolve("nowhere").toString())).isEqualTo(1);
    assertThat(out().get(0)).contains("does not exist");
  }

  @Test
  void a_folder_instead_of_a_file_and_a_key_that_stands_twice_are_problems() throws IOException {
    assertThat(run("check", "--offline", dir.toString())).isEqualTo(1);
    assertThat(out()).singleElement().asString().contains("is a directory");

    Path file = dir.resolve("a.properties");
    Files.writeString(file, "app.name=a\napp.name=b\n");
    assertThat(run("check", "--offline", file.toString())).isEqualTo(1);
    assertThat(out().get(1)).contains(":2: ", "app.name was set in line 1 already");
  }

  @Test
  void wrong_use_is_answered_with_the_usage() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("check", "a", "b")).isEqualTo(2);
    assertThat(run("check", "--frobnicate")).isEqualTo(2);
    assertThat(run("check", "a", "--app")).isEqualTo(2);
    assertThat(run("check", "4711", "--offline")).isEqualTo(2);
    assertThat(run("frobnicate")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("no command frobnicate", "check [FILE|PID]");
  }

  @Test
  void help_is_no_error() {
    assertThat(run("help")).isZero();
    assertThat(out()).anyMatch(line -> line.contains("check [FILE|PID]"));
  }
}
