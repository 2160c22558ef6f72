package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.Prometheus;
import io.meshagent.it.harness.Promtool;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Thorough;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The dashboard and the alerts of the docs, with the real Prometheus and two programs. */
@Thorough
class PrometheusIT {

  private static final Path GRAFANA = Places.root().resolve("agent/docs/grafana");

  @AutoClose private final World world = World.local();

  @Test
  void promtool_finds_the_rules_good_and_what_they_say_right() {
    assertThat(Promtool.run(GRAFANA, "check", "rules", "alerts.yml")).contains("SUCCESS");
    assertThat(Promtool.run(GRAFANA, "test", "rules", "alerts_test.yml")).contains("SUCCESS");
  }

  @Test
  void every_query_of_the_dashboard_is_answered_and_every_rule_runs() throws IOException {
    Jvm server = world.flakyServer("a").start();
    server.awaitPort();
    Jvm client = world.loadClient().mesh("metrics.attempts", "on").start();
    client.awaitInstances(1);
    String unused = client.ask("begin rate=20");
    try (Prometheus prometheus =
        Prometheus.scraping(GRAFANA.resolve("alerts.yml"), List.of(client, server))) {
      await().atMost(Jvm.PATIENCE).until(prometheus::isUp);
      await("both pages are scraped, as OpenMetrics")
          .atMost(Jvm.PATIENCE)
          .until(() -> values(prometheus.query("up == 1")) == 2);
      for (String side : List.of("client", "server")) {
        String good = "grpc_" + side + "_call_duration_seconds_count{grpc_status='OK'}";
        await("two looks at the same counter of the " + side)
            .atMost(Jvm.PATIENCE)
            .until(() -> values(prometheus.query("rate(" + good + "[30s]) > 0")) > 0);
      }
      await("and at all the others")
          .atMost(Jvm.PATIENCE)
          .until(() -> values(prometheus.query("count_over_time(mesh_agent_info[1m]) >= 3")) == 2);

      for (JsonElement panel :
          JsonParser.parseString(Files.readString(GRAFANA.resolve("dashboard.json")))
              .getAsJsonObject()
              .getAsJsonArray("panels")) {
        JsonElement targets = panel.getAsJsonObject().get("targets");
        for (JsonElement target : targets == null ? new JsonArray() : targets.getAsJsonArray()) {
          String query = target.getAsJsonObject().get("expr").getAsString();
          JsonArray result =
              prometheus.query(
                  query
                      .replace("$__rate_interval", "30s")
                      .replace("$instance", ".*")
                      .replace("$method", ".*"));
          if (!isOfWhatMayNotBe(query)) {
            assertThat(result).as(query).isNotEmpty();
          }
        }
      }
      await("each rule has run")
          .atMost(Jvm.PATIENCE)
          .untilAsserted(
              () -> {
                JsonArray rules =
                    prometheus.ruleGroups().get(0).getAsJsonObject().getAsJsonArray("rules");
                assertThat(StreamSupport.stream(rules.spliterator(), false))
                    .allSatisfy(
                        rule ->
                            assertThat(rule.getAsJsonObject().get("health").getAsString())
                                .as(rule.toString())
                                .isEqualTo("ok"));
              });
    }
  }

  /** All is well here, and nothing is bounded. */
  private static boolean isOfWhatMayNotBe(String query) {
    return query.contains("> 0")
        || query.contains("grpc_status!=\"OK\"")
        || query.contains("mesh_container_")
        || query.contains("mesh_fallbacks_")
        || query.contains("mesh_client_")
        || query.contains("grpc_client_call_retries")
        || query.contains("grpc_client_call_hedges")
        || query.contains("grpc_client_call_transparent_retries")
        || query.contains("mesh_refusals_");
  }

  private static int values(JsonArray result) {
    return result.size();
  }
}
