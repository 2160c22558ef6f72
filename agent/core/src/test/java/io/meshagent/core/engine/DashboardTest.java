package io.meshagent.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.telemetry.metrics.MetricDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard and the alerts ask for nothing that programs do not tell. */
class DashboardTest {

  private static final Path GRAFANA = Path.of("../docs/grafana");

  /** What Prometheus adds to each series. */
  private static final Set<String> ADDED = Set.of("instance", "job");

  private static final Pattern GROUPING =
      Pattern.compile("\\b(?:by|without|on|ignoring)\\s*\\(([^)]*)\\)");
  private static final Pattern SERIES =
      Pattern.compile("\\b((?:grpc|mesh|jvm|process)_\\w+)(?:\\{([^}]*)})?");
  private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"");

  @TempDir private Path folder;

  private Parts parts;
  private final Map<String, Set<String>> labels = new HashMap<>();

  @BeforeEach
  void learn() {
    parts = new Parts(TestSettings.defaults(), new ConfigSource(null, folder), "version");
    Views.register(parts, () -> null, () -> 0);
    for (MetricDescription each : parts.metrics.descriptions()) {
      Set<String> known = new HashSet<>(each.labels());
      known.addAll(ADDED);
      if (each.type().equals("histogram") || each.type().equals("summary")) {
        labels.put(each.name() + "_sum", known);
        labels.put(each.name() + "_count", known);
        Set<String> withBounds = new HashSet<>(known);
        withBounds.add("le");
        labels.put(each.name() + "_bucket", withBounds);
      } else {
        labels.put(each.name(), known);
      }
    }
  }

  @AfterEach
  void close() {
    parts.directory.close();
  }

  @Test
  void the_dashboard_asks_for_what_there_is() throws IOException {
    JsonObject dashboard =
        JsonParser.parseString(Files.readString(GRAFANA.resolve("dashboard.json")))
            .getAsJsonObject();
    List<String> queries = new ArrayList<>();
    for (JsonElement panel : dashboard.getAsJsonArray("panels")) {
      JsonElement targets = panel.getAsJsonObject().get("targets");
      if (targets != null) {
        targets
            .getAsJsonArray()
            .forEach(each -> queries.add(each.getAsJsonObject().get("expr").getAsString()));
      }
    }
    for (JsonElement variable : dashboard.getAsJsonObject("templating").getAsJsonArray("list")) {
      Matcher values =
          Pattern.compile("label_values\\((\\w+), (\\w+)\\)").matcher(variable.toString());
      if (values.find()) {
        queries.add("count by (" + values.group(2) + ") (" + values.group(1) + ")");
      }
    }
    assertThat(queries).hasSizeGreaterThan(30);
    queries.forEach(this::check);
  }

  @Test
  void the_alerts_ask_for_what_there_is() throws IOException {
    Matcher rule =
        Pattern.compile("(?m)^ {8}expr: (?:>-\\n)?((?:.*)(?:\\n {10}.*)*)")
            .matcher(Files.readString(GRAFANA.resolve("alerts.yml")));
    int rules = 0;
    while (rule.find()) {
      check(rule.group(1));
      rules++;
    }
    assertThat(rules).isGreaterThan(5);
  }

  private void check(String query) {
    Set<String> there = new HashSet<>();
    Matcher series = SERIES.matcher(GROUPING.matcher(query).replaceAll(" "));
    while (series.find()) {
      assertThat(labels).as("metrics, for " + query).containsKey(series.group(1));
      Set<String> own = labels.get(series.group(1));
      there.addAll(own);
      Matcher label = MATCHER.matcher(series.group(2) == null ? "" : series.group(2));
      while (label.find()) {
        assertThat(own).as(series.group(1) + ", for " + query).contains(label.group(1));
      }
    }
    assertThat(there).as("series of " + query).isNotEmpty();
    Matcher grouping = GROUPING.matcher(query);
    while (grouping.find()) {
      for (String label : grouping.group(1).split(",", -1)) {
        assertThat(there).as("groups of " + query).contains(label.trim());
      }
    }
  }
}
