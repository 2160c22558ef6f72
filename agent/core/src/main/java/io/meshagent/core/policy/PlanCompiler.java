package io.meshagent.core.policy;

import io.meshagent.core.api.CallPlan;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Side;
import io.meshagent.core.config.Keys;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.Settings;
import io.meshagent.core.log.Log;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Compiles settings into the plans that calls follow: one plan for each side and method, for ever,
 * whose content may be replaced. Called by the engine on the program's threads when a method is
 * called for the first time, and by whoever brings new settings. Thread-safe; compiling is under
 * one lock, a plan that exists is found without it.
 */
public final class PlanCompiler {

  private static final int MOST_PLANS = 10_000;

  private final Observers observers;
  private final Function<String, Service> directory;
  private final Breakers breakers;
  private final Buckets buckets;
  private final Map<String, Kept> clientPlans = new ConcurrentHashMap<>();
  private final Map<String, Kept> serverPlans = new ConcurrentHashMap<>();

  /** Guarded by this. */
  private Settings settings;

  /**
   * Plans for the given settings, until {@link #recompile}.
   *
   * @param observers null for none
   * @param directory what the directory says of a service, by its full name
   */
  public PlanCompiler(
      Settings settings,
      Observers observers,
      LongSupplier nanoTime,
      Function<String, Service> directory) {
    this.settings = settings;
    this.observers = observers == null ? Observers.NONE : observers;
    this.directory = directory;
    this.breakers = new Breakers(nanoTime);
    this.buckets = new Buckets(nanoTime);
  }

  /**
   * The plan of a method.
   *
   * @param fullMethod {@code package.Service/Method}
   * @return null if its calls are none of our business
   */
  public CallPlan plan(Side side, String fullMethod, boolean streaming) {
    Kept kept = plans(side).get(fullMethod);
    if (kept != null) {
      return kept.plan;
    }
    return Scope.isLeftAlone(fullMethod) ? null : newPlan(side, fullMethod, streaming);
  }

  private synchronized CallPlan newPlan(Side side, String fullMethod, boolean streaming) {
    Kept kept = plans(side).get(fullMethod);
    if (kept != null) {
      return kept.plan;
    }
    Kept made = new Kept(new CallPlan(side, fullMethod, service(side, fullMethod)), streaming);
    boolean keep = clientPlans.size() + serverPlans.size() < MOST_PLANS;
    install(made, keep);
    if (keep) {
      plans(side).put(fullMethod, made);
    } else {
      Log.warnOnce(
          "plans",
          "this program uses more than "
              + MOST_PLANS
              + " gRPC methods: those beyond have no breaker and don't follow new settings");
    }
    return made.plan;
  }

  private Service service(Side side, String fullMethod) {
    int slash = fullMethod.lastIndexOf('/');
    boolean lookedUp =
        side == Side.CLIENT
            && slash > 0
            && Scope.isLookedUp(fullMethod)
            && settings.get(RegistryKeys.DISCOVER_ENABLED);
    return lookedUp ? directory.apply(fullMethod.substring(0, slash)) : null;
  }

  /** Puts other settings in force, for the calls that begin from now on. */
  public synchronized void recompile(Settings newSettings) {
    settings = newSettings;
    buckets.retain(newSettings);
    clientPlans.values().forEach(kept -> install(kept, true));
    serverPlans.values().forEach(kept -> install(kept, true));
  }

  /** Called with the lock held. */
  private void install(Kept kept, boolean bounded) {
    Side side = kept.plan.side();
    String method = kept.plan.method();
    StageMaker stages =
        new StageMaker(settings, observers, breakers, buckets, kept.plan, kept.streaming, bounded);
    if (side == Side.CLIENT) {
      long timeoutNanos =
          Scope.isObservedOnly(method)
              ? 0
              : settings.select(Keys.CLIENT_TIMEOUT, method).value().toNanos();
      kept.plan.install(ClientPipeline.of(stages), timeoutNanos);
    } else {
      kept.plan.install(ServerPipeline.of(stages), 0);
    }
  }

  private Map<String, Kept> plans(Side side) {
    return side == Side.CLIENT ? clientPlans : serverPlans;
  }

  /** The breakers, for metrics and the admin page. */
  public Breakers breakers() {
    return breakers;
  }

  /** The rate limits, for metrics and the admin page. */
  public Buckets buckets() {
    return buckets;
  }

  /** A plan and what is needed to compile it again. */
  private static final class Kept {
    final CallPlan plan;
    final boolean streaming;

    Kept(CallPlan plan, boolean streaming) {
      this.plan = plan;
      this.streaming = streaming;
    }
  }
}
