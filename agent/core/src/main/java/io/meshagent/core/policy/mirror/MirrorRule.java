package io.meshagent.core.policy.mirror;

import io.meshagent.core.config.InstanceLabels;
import io.meshagent.core.config.Parsed;
import io.meshagent.core.config.Type;
import io.meshagent.core.config.Types;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * {@code 10% -> version=3 ; 5% -> version=4}: of a hundred calls ten are copied to the one, five
 * others to the other. {@code *} is all of them. Immutable.
 */
final class MirrorRule {

  private static final String ARROW = "->";
  private static final MirrorRule NONE = new MirrorRule(Collections.emptyList());
  private static final BigDecimal ALL = BigDecimal.valueOf(100);

  private final List<Clause> clauses;

  private MirrorRule(List<Clause> clauses) {
    this.clauses = clauses;
  }

  private static final class Clause {
    private final BigDecimal percent;
    private final InstanceLabels labels;

    Clause(BigDecimal percent, InstanceLabels labels) {
      this.percent = percent;
      this.labels = labels;
    }

    @Override
    public String toString() {
      return percent.stripTrailingZeros().toPlainString() + "% -> " + labels;
    }
  }

  static Type<MirrorRule> type() {
    return Types.simple("list of clauses", "", MirrorRule::parse, MirrorRule::toString);
  }

  private static Parsed<MirrorRule> parse(String text) {
    List<Clause> clauses = new ArrayList<>();
    BigDecimal sum = BigDecimal.ZERO;
    for (String written : text.split(";", -1)) {
      String clause = written.trim();
      if (clause.isEmpty()) {
        continue;
      }
      String where = "has the clause \"" + clause + "\", which ";
      int arrow = clause.indexOf(ARROW);
      BigDecimal percent = arrow < 0 ? null : percent(clause.substring(0, arrow).trim());
      if (percent == null) {
        return Parsed.problem(where + "is not of the form 10% -> version=3");
      }
      Parsed<InstanceLabels> labels =
          InstanceLabels.parse(clause.substring(arrow + ARROW.length()).trim());
      if (labels.isProblem()) {
        return Parsed.problem(where + labels.problem());
      }
      sum = sum.add(percent);
      if (sum.compareTo(ALL) > 0) {
        return Parsed.problem(
            where
                + (percent.compareTo(ALL) > 0
                    ? "names more than 100%"
                    : "makes more than 100% together with those before it"));
      }
      clauses.add(new Clause(percent, labels.value()));
    }
    return Parsed.value(clauses.isEmpty() ? NONE : new MirrorRule(clauses));
  }

  /** Null if it is none. */
  private static BigDecimal percent(String text) {
    if (text.equals("*")) {
      return ALL;
    }
    return text.matches("\\d{1,9}(\\.\\d{1,6})?\\s*%")
        ? new BigDecimal(text.substring(0, text.length() - 1).trim())
        : null;
  }

  boolean isNone() {
    return clauses.isEmpty();
  }

  /** The instances of each clause, in order. */
  List<InstanceLabels> labels() {
    return clauses.stream().map(clause -> clause.labels).collect(Collectors.toList());
  }

  /** Up to which number each clause counts, of numbers from 0 to 1. */
  double[] limits() {
    double[] limits = new double[clauses.size()];
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < limits.length; i++) {
      sum = sum.add(clauses.get(i).percent);
      limits[i] = sum.doubleValue() / 100;
    }
    return limits;
  }

  /** As it would be written. */
  @Override
  public String toString() {
    return clauses.stream().map(Clause::toString).collect(Collectors.joining(" ; "));
  }
}
