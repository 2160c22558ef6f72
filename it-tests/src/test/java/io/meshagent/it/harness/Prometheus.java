package io.meshagent.it.harness;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.Ports;
import io.meshagent.it.tools.Tool;
import io.meshagent.it.tools.ring.Costs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A real Prometheus on loopback that scrapes programs each second. For the test's thread. */
public final class Prometheus implements AutoCloseable {

  private static final Tool PROMETHEUS = new Tool("prometheus", "PROMETHEUS", "prometheus");

  private final int port;
  private final Process process;
  private final Output output;

  private Prometheus(int port, Process process) {
    this.port = port;
    this.process = Children.keep(process);
    this.output = new Output(process.getErrorStream(), "prometheus");
  }

  /** With alert rules, over the admin pages of these programs. */
  public static Prometheus scraping(Path rules, List<Jvm> programs) {
    String targets =
        programs.stream()
            .map(each -> "'" + each.admin().substring("http://".length()) + "'")
            .collect(Collectors.joining(", "));
    Path folder = Places.newDirectory("prometheus");
    int port = Ports.free();
    try {
      Path config = folder.resolve("prometheus.yml");
      Files.writeString(
          config,
          """
          global:
            scrape_interval: 1s
            evaluation_interval: 1s
          rule_files: ['%s']
          scrape_configs:
            - job_name: mesh
              static_configs:
                - targets: [%s]
          """
              .formatted(rules, targets));
      Costs.count("prometheus");
      return new Prometheus(
          port,
          new ProcessBuilder(
                  PROMETHEUS.path().toString(),
                  "--config.file=" + config,
                  "--storage.tsdb.path=" + folder.resolve("data"),
                  "--web.listen-address=127.0.0.1:" + port)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The series that a query gives now; fails where Prometheus refuses the query. */
  public JsonArray query(String query) {
    return JsonParser.parseString(
            Metrics.get(
                "http://127.0.0.1:"
                    + port
                    + "/api/v1/query?query="
                    + URLEncoder.encode(query, StandardCharsets.UTF_8)))
        .getAsJsonObject()
        .getAsJsonObject("data")
        .getAsJsonArray("result");
  }

  /** As {@code /api/v1/rules} has them. */
  public JsonArray ruleGroups() {
    return JsonParser.parseString(Metrics.get("http://127.0.0.1:" + port + "/api/v1/rules"))
        .getAsJsonObject()
        .getAsJsonObject("data")
        .getAsJsonArray("groups");
  }

  /** Whether it can be asked. */
  public boolean isUp() {
    try {
      return Metrics.get("http://127.0.0.1:" + port + "/-/ready") != null;
    } catch (UncheckedIOException | AssertionError e) {
      return false;
    }
  }

  /** What it said. */
  public String log() {
    return String.join("\n", output.lines());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
