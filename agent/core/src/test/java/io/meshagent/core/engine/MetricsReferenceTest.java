package io.meshagent.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.config.TestSettings;
import io.meshagent.core.telemetry.metrics.MetricDescription;
import io.meshagent.core.telemetry.metrics.MetricsReference;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All metrics that the engine registers, whether they have values or not. */
class MetricsReferenceTest {

  private static final String BEGIN = "<!-- begin: metrics -->\n";
  private static final String END = "<!-- end: metrics -->\n";

  /** Tests run in the module's directory. */
  private static final Path DOCS = Path.of("../docs");

  private static final Path DOC = DOCS.resolve("metrics.md");

  /** What promtool's linter does not want in a name, but for what Prometheus itself does. */
  private static final Pattern ILL_NAMED =
      Pattern.compile(
          ".*(?:[A-Z]|__|_(?:gauge|counter|histogram|summary)(?:_|$)"
              + "|_(?:ms|s|min|kb|mb|milliseconds|microseconds|nanoseconds|minutes|hours|kilobytes"
              + "|megabytes|kibibytes|mebibytes|percent)(?:_total)?$).*");

  @TempDir private Path folder;

  private Parts parts;

  @AfterEach
  void close() {
    parts.directory.close();
  }

  private List<MetricDescription> all() {
    parts = new Parts(TestSettings.defaults(), new ConfigSource(null, folder), "version");
    Views.register(parts, () -> null, () -> 0);
    return parts.metrics.descriptions();
  }

  @Test
  void the_table_in_the_docs_is_what_the_code_says() throws IOException {
    String doc = Files.readString(DOC);
    String before = doc.substring(0, doc.indexOf(BEGIN) + BEGIN.length());
    String after = doc.substring(doc.indexOf(END));
    String rendered = before + MetricsReference.markdown(all()) + after;
    if (Boolean.getBoolean("update-docs")) {
      Files.writeString(DOC, rendered);
      return;
    }
    assertThat(doc)
        .as(
            "agent/docs/metrics.md is not what the code says: write it anew with"
                + " ./mvnw -pl agent/core -am test -Dtest=MetricsReferenceTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dupdate-docs=true")
        .isEqualTo(rendered);
  }

  @Test
  void a_page_has_each_of_them_and_no_other_with_its_type() throws IOException {
    List<MetricDescription> known = all();
    StringWriter page = new StringWriter();
    parts.metrics.write(page);

    Set<String> types =
        page.toString()
            .lines()
            .filter(line -> line.startsWith("# TYPE "))
            .collect(Collectors.toSet());
    assertThat(types)
        .isEqualTo(
            known.stream()
                .map(each -> "# TYPE " + each.name() + " " + each.type())
                .collect(Collectors.toSet()));
    assertThat(page.toString()).doesNotContain("mesh_agent_failures_total{");
  }

  @Test
  void names_are_as_prometheus_wants_them() {
    for (MetricDescription each : all()) {
      assertThat(each.name())
          .as("the name of a " + each.type())
          .matches("[a-z][a-z0-9_]*")
          .doesNotMatch(ILL_NAMED);
      assertThat(each.name().endsWith("_total"))
          .as(each.name())
          .isEqualTo(each.type().equals("counter"));
      assertThat(each.name()).doesNotMatch(".*_(count|sum|bucket|created)");
      assertThat(each.help()).as(each.name()).endsWith(".");
      assertThat(each.labels())
          .as(each.name())
          .doesNotHaveDuplicates()
          .doesNotContain("le", "quantile", "job", "instance")
          .allMatch(label -> label.matches("[a-z][a-z0-9_]*"));
    }
  }
}
