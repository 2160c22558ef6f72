package io.meshagent.core.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What an instance has to say of itself to be meant: {@code app=greeter-a,version=2}, all of it.
 * Beside {@code app}, {@code version} and {@code zone} these are labels, as {@code app.labels} of
 * the instance names them. Immutable; equal if they mean the same.
 */
public final class InstanceLabels {

  private static final Set<String> FACTS = new HashSet<>(Arrays.asList("app", "version", "zone"));

  /** What instances publish for other reasons than to be chosen by it. */
  private static final Set<String> NO_LABELS =
      new HashSet<>(Arrays.asList("weight", "scheme", "admin", "agent", "started", "draining"));

  /** As {@code app.labels} are published. */
  private static final String LABEL = "label.";

  private final Map<String, String> wanted;

  private InstanceLabels(Map<String, String> wanted) {
    this.wanted = Collections.unmodifiableMap(wanted);
  }

  /** Reads {@code app=greeter-a,version=2}. */
  public static Parsed<InstanceLabels> parse(String text) {
    Map<String, String> wanted = new TreeMap<>();
    List<String> items = new ArrayList<>(Types.items(text));
    for (String item : items) {
      int equals = item.indexOf('=');
      String name = equals < 0 ? "" : item.substring(0, equals).trim();
      String value = item.substring(equals + 1).trim();
      if (!name.matches("[A-Za-z0-9._-]+") || value.isEmpty() || value.matches(".*[\\s=].*")) {
        return Parsed.problem("has \"" + item + "\" where a label like version=2 should stand");
      }
      if (NO_LABELS.contains(name)) {
        return Parsed.problem("names " + name + ", by which no instance can be chosen");
      }
      if (wanted.put(name, value) != null) {
        return Parsed.problem("names " + name + " twice in one place");
      }
    }
    return items.isEmpty()
        ? Parsed.problem("names no label like app=greeter where one should stand")
        : Parsed.value(new InstanceLabels(wanted));
  }

  /**
   * Whether an instance is meant.
   *
   * @param metadata what it has published
   */
  public boolean match(Map<String, String> metadata) {
    for (Map.Entry<String, String> each : wanted.entrySet()) {
      String name = each.getKey();
      String said = FACTS.contains(name) ? metadata.get(name) : metadata.get(LABEL + name);
      if (said == null) {
        // Programs in other languages publish their labels by the bare name.
        said = metadata.get(name);
      }
      if (!each.getValue().equals(said)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof InstanceLabels && wanted.equals(((InstanceLabels) o).wanted);
  }

  @Override
  public int hashCode() {
    return wanted.hashCode();
  }

  /** As it would be written, in the order of the alphabet. */
  @Override
  public String toString() {
    return wanted.entrySet().stream()
        .map(each -> each.getKey() + "=" + each.getValue())
        .collect(Collectors.joining(","));
  }
}
