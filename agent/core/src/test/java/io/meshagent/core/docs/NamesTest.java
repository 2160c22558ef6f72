package io.meshagent.core.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.config.Key;
import io.meshagent.core.policy.Policies;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Keys and metrics: what pages name exists, and what exists is named. */
class NamesTest {

  private static final Set<String> KEYS =
      Policies.keys().all().stream().map(Key::name).collect(Collectors.toSet());

  /** What begins as a key does, not behind a letter, a path or a name of somebody else's. */
  private static final Pattern KEY =
      Pattern.compile(
          "(?<![\\w./:@$-])(?:mesh\\.)?((?:"
              + KEYS.stream()
                  .filter(key -> key.contains("."))
                  .map(key -> key.substring(0, key.indexOf('.')))
                  .distinct()
                  .collect(Collectors.joining("|"))
              + ")(?:\\.[a-z][a-z0-9-]*)+)(?![\\w/(-])");

  private static final Pattern VARIABLE = Pattern.compile("\\bMESH_[A-Z_]+[A-Z]\\b");

  /** What looks like a key and is none: files, a host, a setting of Spring's, a misspelt key. */
  private static final Pattern NO_KEY =
      Pattern.compile(
          ".*\\.(jar|log|md|pem|properties|service)"
              + "|registry\\.example|server\\.shutdown|client\\.timeuot");

  /** Said of variables that Kubernetes makes of a Service called mesh, and of the file's own. */
  private static final Set<String> NO_SETTING =
      Set.of("MESH_CONFIG", "MESH_SERVICE_HOST", "MESH_PORT");

  private static final Pattern METRIC = Pattern.compile("\\b(?:mesh|grpc)_[a-z0-9_]+[a-z0-9]\\b");

  /** Labels, what Prometheus makes of a histogram, and what is gRPC's own. */
  private static final Pattern NO_METRIC =
      Pattern.compile("grpc_(method|status)|grpc_(client|server)_call_duration_seconds_.*");

  @Test
  void every_key_on_a_page_exists() {
    assertThat(unknown(KEY, 1, NamesTest::isKey)).as("keys that are none").isEmpty();
  }

  /** A key, or the beginning of several, {@code client.retry} for one. */
  private static boolean isKey(String word) {
    return NO_KEY.matcher(word).matches()
        || KEYS.contains(word)
        || KEYS.stream().anyMatch(key -> key.startsWith(word + "."));
  }

  @Test
  void every_variable_on_a_page_is_a_keys() {
    Set<String> variables =
        Policies.keys().all().stream().map(Key::environmentName).collect(Collectors.toSet());
    assertThat(unknown(VARIABLE, 0, word -> variables.contains(word) || NO_SETTING.contains(word)))
        .as("variables of the environment that set nothing")
        .isEmpty();
  }

  @Test
  void every_key_is_on_a_page() {
    String text = Pages.textForUsers();
    assertThat(KEYS).as("keys that no page names").allMatch(text::contains);
  }

  @Test
  void every_metric_on_a_page_exists() {
    Set<String> metrics = metrics();
    assertThat(
            unknown(METRIC, 0, word -> metrics.contains(word) || NO_METRIC.matcher(word).matches()))
        .as("metrics that the code does not have")
        .isEmpty();
  }

  @Test
  void every_metric_is_on_a_page() {
    String text = Pages.textForUsers();
    assertThat(metrics()).hasSizeGreaterThan(40).as("metrics of no page").allMatch(text::contains);
  }

  /** What stands in the code as a name of a metric, those of a side put together. */
  private static Set<String> metrics() {
    Set<String> names = new TreeSet<>();
    for (Literals.Source source : Literals.sources()) {
      for (String literal : source.literals()) {
        if (METRIC.matcher(literal).matches() && !NO_METRIC.matcher(literal).matches()) {
          names.add(literal);
        } else if (literal.matches("_call_[a-z_]+")) {
          names.add("grpc_client" + literal);
          names.add("grpc_server" + literal);
        }
      }
    }
    return names;
  }

  private interface Known {
    boolean is(String word);
  }

  private static List<String> unknown(Pattern pattern, int group, Known known) {
    List<String> unknown = new ArrayList<>();
    for (Path page : Pages.forUsers()) {
      Matcher word = pattern.matcher(Pages.text(page));
      while (word.find()) {
        if (!known.is(word.group(group))) {
          unknown.add(Pages.name(page) + ": " + word.group(group));
        }
      }
    }
    return unknown;
  }
}
