package io.meshagent.core.policy.mirror;

import io.meshagent.core.api.Copies;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Stage;
import io.meshagent.core.config.InstanceLabels;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.PlannedMethod;
import io.meshagent.core.policy.base.PolicyMetrics;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/** The copies of this JVM: how many are under way, and what became of the others. Thread-safe. */
final class Mirrors implements ActivePolicy {

  /** Whoever writes more different ones into live settings copies nothing to the last. */
  private static final int MOST_DESTINATIONS = 1_000;

  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLongArray ended = new AtomicLongArray(Copies.End.values().length);
  private final Map<InstanceLabels, Copies> destinations = new ConcurrentHashMap<>();

  /** Volatile: set with other settings, read by calls. */
  private volatile int most = MirrorKeys.MAX.defaultValue();

  private final class To implements Copies {

    private final InstanceLabels labels;

    To(InstanceLabels labels) {
      this.labels = labels;
    }

    @Override
    public boolean fit(Instance instance) {
      return labels.match(instance.metadata());
    }

    @Override
    public boolean begin() {
      if (underWay.incrementAndGet() <= most) {
        return true;
      }
      underWay.decrementAndGet();
      unsent(End.DROPPED);
      return false;
    }

    @Override
    public void end(End how) {
      underWay.decrementAndGet();
      unsent(how);
    }

    @Override
    public void unsent(End why) {
      ended.incrementAndGet(why.ordinal());
    }
  }

  @Override
  public Stage stage(PlannedMethod method, Settings settings) {
    // The number is one for all methods.
    most = settings.get(MirrorKeys.MAX);
    return null;
  }

  @Override
  public Stage innerStage(PlannedMethod method, Settings settings) {
    if (method.side() == Side.SERVER) {
      return isUsed(settings) ? new CopiedStage() : null;
    }
    MirrorRule rule = settings.select(MirrorKeys.MIRROR, method.name()).value();
    if (rule.isNone() || method.isStreaming() || method.service() == null) {
      return null;
    }
    Copies[] to = rule.labels().stream().map(this::to).toArray(Copies[]::new);
    return new MirrorStage(rule.limits(), to);
  }

  private Copies to(InstanceLabels labels) {
    return destinations.size() < MOST_DESTINATIONS
        ? destinations.computeIfAbsent(labels, To::new)
        : destinations.getOrDefault(labels, new To(labels));
  }

  /** Whether this program copies any calls, so that it has to know which came in as copies. */
  private static boolean isUsed(Settings settings) {
    String plain = MirrorKeys.MIRROR.name();
    return settings.sources().stream()
        .filter(each -> !each.isDefault())
        .anyMatch(each -> each.name().equals(plain) || each.name().startsWith(plain + "@"));
  }

  @Override
  public void retain(Settings settings) {
    most = settings.get(MirrorKeys.MAX);
  }

  @Override
  public void show(PolicyMetrics metrics) {
    metrics.counter(
        "mesh_mirrored_calls_total",
        "Copies of calls (client.mirror) by what became of them.",
        Collections.singletonList("result"),
        values -> {
          for (Copies.End end : Copies.End.values()) {
            values.add((double) ended.get(end.ordinal()), end.name().toLowerCase(Locale.ROOT));
          }
        });
    metrics.gauge(
        "mesh_mirrored_calls_open",
        "Copies of calls that are under way.",
        Collections.emptyList(),
        values -> values.add(underWay.get()));
  }
}
