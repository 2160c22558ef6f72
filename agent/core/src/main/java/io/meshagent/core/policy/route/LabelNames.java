package io.meshagent.core.policy.route;

import io.meshagent.core.api.Instance.Metadata;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** What instances may be told apart by. Stateless. */
final class LabelNames {

  private static final Pattern NAME = Pattern.compile("[0-9A-Za-z_./-]{1,63}");

  /** What an instance says of itself that is no label: another thing sees to each of them. */
  private static final Set<String> FACTS =
      new HashSet<>(
          Arrays.asList(
              Metadata.WEIGHT,
              Metadata.SCHEME,
              Metadata.ADMIN,
              Metadata.AGENT,
              Metadata.STARTED,
              Metadata.DRAINING));

  private LabelNames() {}

  /** Begins with a verb; null if it may be the name of a label. */
  static String problem(String name) {
    if (!NAME.matcher(name).matches()) {
      return "has no name: one is made of letters, digits and ._/-, 63 at the most";
    }
    return FACTS.contains(name)
        ? "is none, " + name + ": app, version, zone and those of app.labels are"
        : null;
  }
}
