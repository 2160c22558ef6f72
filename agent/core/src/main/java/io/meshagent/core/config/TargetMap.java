package io.meshagent.core.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which instances the channels of some targets mean: {@code dns:///legacy-a:50051 -> app=greeter-a
 * ; dns:///legacy-b:* -> app=greeter-b}. The first clause whose pattern matches the target counts.
 * Immutable.
 */
public final class TargetMap {

  /** Names no target. */
  public static final TargetMap NOTHING = new TargetMap(Collections.emptyList());

  private static final String ARROW = "->";

  private final List<Clause> clauses;

  private TargetMap(List<Clause> clauses) {
    this.clauses = clauses;
  }

  private static final class Clause {
    private final String pattern;
    private final InstanceLabels labels;

    Clause(String pattern, InstanceLabels labels) {
      this.pattern = pattern;
      this.labels = labels;
    }

    @Override
    public String toString() {
      return pattern + " -> " + labels;
    }
  }

  static Type<TargetMap> type() {
    return Types.simple("list of clauses", "", TargetMap::parse, TargetMap::toString);
  }

  private static Parsed<TargetMap> parse(String text) {
    List<Clause> clauses = new ArrayList<>();
    for (String written : text.split(";", -1)) {
      String clause = written.trim();
      if (clause.isEmpty()) {
        continue;
      }
      int arrow = clause.indexOf(ARROW);
      String pattern = arrow < 0 ? "" : clause.substring(0, arrow).trim();
      if (pattern.isEmpty() || pattern.matches(".*\\s.*")) {
        return Parsed.problem(
            "has the clause \""
                + clause
                + "\", which is not of the form dns:///legacy-a:50051 -> app=greeter-a");
      }
      Parsed<InstanceLabels> labels =
          InstanceLabels.parse(clause.substring(arrow + ARROW.length()).trim());
      if (labels.isProblem()) {
        return Parsed.problem("has the clause \"" + clause + "\", which " + labels.problem());
      }
      clauses.add(new Clause(pattern, labels.value()));
    }
    return Parsed.value(clauses.isEmpty() ? NOTHING : new TargetMap(clauses));
  }

  /**
   * Those that a channel's instances have to match; null if any will do.
   *
   * @param target as the program wrote it
   */
  public InstanceLabels of(String target) {
    for (Clause clause : clauses) {
      if (Wildcards.matches(clause.pattern, target)) {
        return clause.labels;
      }
    }
    return null;
  }

  /** As it would be written. */
  @Override
  public String toString() {
    return clauses.stream().map(Clause::toString).collect(Collectors.joining(" ; "));
  }
}
