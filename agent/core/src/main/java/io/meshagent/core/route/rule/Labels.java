package io.meshagent.core.route.rule;

import io.meshagent.core.api.Instance;
import java.util.Collections;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * What instances have to say of themselves: {@code app}, {@code version}, {@code zone} and the
 * labels of {@code app.labels}. Immutable; equal if they name the same, in whatever order.
 */
public final class Labels {

  /** What our entries have before the name of a label. */
  private static final String LABEL = "label.";

  private final Map<String, String> wanted;

  public Labels(Map<String, String> wanted) {
    this.wanted = Collections.unmodifiableMap(new TreeMap<>(wanted));
  }

  /** Whether an instance has all of them. */
  public boolean match(Instance instance) {
    for (Map.Entry<String, String> label : wanted.entrySet()) {
      if (!label.getValue().equals(of(instance, label.getKey()))) {
        return false;
      }
    }
    return true;
  }

  /**
   * What an instance says under a name; null for nothing. Programs in other languages write labels
   * beside the facts that all know.
   */
  public static String of(Instance instance, String name) {
    String fact = instance.metadata().get(name);
    return fact != null ? fact : instance.metadata().get(LABEL + name);
  }

  /** Whether one of them has this name. */
  public boolean name(String label) {
    return wanted.containsKey(label);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Labels && wanted.equals(((Labels) o).wanted);
  }

  @Override
  public int hashCode() {
    return wanted.hashCode();
  }

  /** As it would be written in a rule. */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(" & ");
    wanted.forEach((name, value) -> text.add(name + "=" + Quoted.of(value)));
    return text.toString();
  }
}
