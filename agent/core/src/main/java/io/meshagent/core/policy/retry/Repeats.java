package io.meshagent.core.policy.retry;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.Stage;
import io.meshagent.core.config.Key;
import io.meshagent.core.config.Selected;
import io.meshagent.core.config.Setting;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.PlannedMethod;
import io.meshagent.core.policy.base.PolicyMetrics;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * The methods of this JVM whose calls are repeated, and their budgets. Thread-safe; a budget lives
 * on while its size stays, counts as long as the method is kept.
 */
final class Repeats implements ActivePolicy {

  private static final List<String> BY_METHOD = Collections.singletonList("grpc_method");

  /** What is known of one method. */
  private static final class Known {
    final RepeatCounts counts = new RepeatCounts();

    /** Volatile: replaced when the method is compiled, read by pages. Null while it is off. */
    volatile MethodRepeats rule;
  }

  private final LongSupplier nanoTime;
  private final Map<String, Known> byMethod = new ConcurrentHashMap<>();

  /** By service, and by method where a budget is set for one. */
  private final Map<String, RetryBudget> budgets = new ConcurrentHashMap<>();

  Repeats(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Whether calls of any method may be repeated by these settings. */
  static boolean isAny(Settings settings) {
    return settings.sources().stream().anyMatch(Repeats::isOn);
  }

  private static boolean isOn(Setting setting) {
    Key<?> key = setting.key();
    return (key == RetryKeys.ATTEMPTS || key == RetryKeys.HEDGES) && !setting.value().equals("1");
  }

  /** None for a method of which nothing may be kept: there would be no end of budgets. */
  @Override
  public Stage stage(PlannedMethod method, Settings settings) {
    if (method.side() != Side.CLIENT || !method.isKept()) {
      return null;
    }
    RepeatSettings own = RepeatSettings.of(settings, method);
    Known known =
        own == null
            ? byMethod.get(method.name())
            : byMethod.computeIfAbsent(method.name(), name -> new Known());
    if (own == null) {
      if (known != null) {
        known.rule = null;
      }
      return null;
    }
    RetryBudget budget = budget(method.name(), settings);
    MethodRepeats before = known.rule;
    if (before == null || !before.isBy(own, budget)) {
      known.rule = new MethodRepeats(own, budget, known.counts, nanoTime);
    }
    return new RepeatStage(known.rule);
  }

  private RetryBudget budget(String method, Settings settings) {
    Selected<BudgetSize> size = settings.select(RetryKeys.BUDGET, method);
    String of = size.selector().equals(method) ? method : service(method);
    return budgets.compute(
        of,
        (name, before) ->
            before != null && before.size().equals(size.value())
                ? before
                : new RetryBudget(size.value(), nanoTime.getAsLong()));
  }

  private static String service(String method) {
    int slash = method.lastIndexOf('/');
    return slash < 0 ? method : method.substring(0, slash);
  }

  @Override
  public void letGo(Side side, String method) {
    if (side == Side.CLIENT && byMethod.remove(method) != null) {
      dropUnused();
    }
  }

  @Override
  public void retain(Settings settings) {
    dropUnused();
  }

  private void dropUnused() {
    budgets.values().removeIf(budget -> byMethod.values().stream().noneMatch(uses(budget)));
  }

  private static Predicate<Known> uses(RetryBudget budget) {
    return known -> {
      MethodRepeats rule = known.rule;
      return rule != null && rule.budget() == budget;
    };
  }

  @Override
  public Map<String, Object> facts() {
    Map<String, Object> rows = new TreeMap<>();
    byMethod.forEach((method, known) -> rows.put(method, row(known)));
    return rows.isEmpty() ? Collections.emptyMap() : Collections.singletonMap("retries", rows);
  }

  private Map<String, Object> row(Known known) {
    Map<String, Object> row = new LinkedHashMap<>();
    MethodRepeats rule = known.rule;
    row.put("rule", rule == null ? "off" : described(rule));
    row.put("retries", known.counts.retries.sum());
    row.put("hedges", known.counts.hedges.sum());
    row.put("refused by the budget", known.counts.refused.sum());
    if (rule != null) {
      row.put("left in the budget", (long) rule.budget().left(nanoTime.getAsLong()));
    }
    return row;
  }

  private static String described(MethodRepeats rule) {
    return (rule.isHedging() ? "hedge, " : "retry, ")
        + rule.attempts()
        + " attempts, "
        + String.join(",", rule.codes());
  }

  @Override
  public void show(PolicyMetrics metrics) {
    counter(
        metrics,
        "mesh_client_retries_total",
        "Further attempts of calls that had failed, by client.retry.",
        counts -> counts.retries.sum());
    counter(
        metrics,
        "mesh_client_hedges_total",
        "Further attempts of calls that took long, by client.hedge.",
        counts -> counts.hedges.sum());
    counter(
        metrics,
        "mesh_client_retries_refused_total",
        "Retries that were not made, and calls that began without hedges, because"
            + " client.retry.budget was used up.",
        counts -> counts.refused.sum());
  }

  private void counter(
      PolicyMetrics metrics, String name, String help, ToLongFunction<RepeatCounts> count) {
    metrics.counter(
        name,
        help,
        BY_METHOD,
        values ->
            byMethod.forEach(
                (method, known) -> values.add((double) count.applyAsLong(known.counts), method)));
  }
}
