package io.meshagent.core.policy;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.Stage;
import io.meshagent.core.config.Governance;
import io.meshagent.core.config.Key;
import io.meshagent.core.config.Keys;
import io.meshagent.core.config.KnownKeys;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.access.AccessPolicy;
import io.meshagent.core.policy.balance.BalancePolicies;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.Foresight;
import io.meshagent.core.policy.base.HostedServices;
import io.meshagent.core.policy.base.PlannedMethod;
import io.meshagent.core.policy.base.Policy;
import io.meshagent.core.policy.base.PolicyMetrics;
import io.meshagent.core.policy.base.SupposedCall;
import io.meshagent.core.policy.breaker.BreakerPolicy;
import io.meshagent.core.policy.cache.CachePolicy;
import io.meshagent.core.policy.concurrency.ConcurrencyPolicy;
import io.meshagent.core.policy.fallback.FallbackPolicy;
import io.meshagent.core.policy.fault.FaultPolicy;
import io.meshagent.core.policy.mirror.MirrorPolicy;
import io.meshagent.core.policy.ratelimit.RateLimitPolicy;
import io.meshagent.core.policy.retry.RetryPolicy;
import io.meshagent.core.policy.route.RoutePolicies;
import io.meshagent.core.policy.shed.ShedPolicy;
import io.meshagent.core.policy.timeout.TimeoutPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * All policies, in the order in which a call passes them, and the pipeline around them. A new
 * policy is one more line here: its keys, its stages and what it shows come by it. Thread-safe.
 */
public final class Policies {

  /**
   * What a call passes, outermost first: a client's on its way out, a server's before the program's
   * own interceptors and handler. The order is the same on both sides, where some have no stage.
   */
  private static final List<Policy> IN_ORDER =
      Collections.unmodifiableList(
          Arrays.asList(
              // Before all of it, since it is no stage but the plan's own: the call's deadline.
              new TimeoutPolicy(),
              // Routes ask for these, once a call has passed all that stands here.
              BalancePolicies.BALANCE,
              BalancePolicies.EJECTION,
              BalancePolicies.SLOW_START,
              RoutePolicies.ROUTE,
              // Hands on what came with a server's call, which nobody has refused before.
              RoutePolicies.LANE,
              BalancePolicies.ZONE_AWARE,
              BalancePolicies.SUBSET,
              // Outermost of all that end calls: whatever a call failed with, it may be told this.
              new FallbackPolicy(),
              // What is injected comes as if from beyond all else that the agent does, and a call
              // that is delayed holds nothing meanwhile.
              new FaultPolicy(),
              // Servers alone. Before all limits: who may not call takes nothing from those who
              // may.
              new AccessPolicy(),
              // Before all that bounds what is sent: an answer that is there costs nobody anything.
              new CachePolicy(),
              // Servers alone. Before limits: what a busy machine can't do no limit need know of.
              new ShedPolicy(),
              // Before anything that costs: to refuse must stay cheap when there is too much of it.
              // Before the breaker: a call that may not be made must not take a probe's place.
              new RateLimitPolicy(),
              // After what refuses at once: only what may be made waits for a place. Before the
              // breaker, for the same reason as the rate limit.
              new ConcurrencyPolicy(),
              // After all that may refuse: what it lets in is really sent, and its end tells
              // something.
              new BreakerPolicy(),
              // What was let in may be copied. Its stage stands inside of the span, which a copy
              // belongs to as well.
              new MirrorPolicy(),
              // Innermost of them: only a call that is sent pays into its budget, and what gRPC
              // makes of it has passed all that stands before, once.
              RetryPolicy.HEDGE,
              new RetryPolicy()));

  private static final KnownKeys KEYS = KnownKeys.with(keysOf(IN_ORDER));

  /** In the same order. */
  private final List<ActivePolicy> active = new ArrayList<>();

  private final Observations observations = new Observations();

  /** All at work in this JVM. */
  Policies(LongSupplier nanoTime) {
    IN_ORDER.forEach(policy -> active.add(policy.start(nanoTime)));
  }

  /** Where they may ask for services that this program hosts. To be called once. */
  void hostedBy(HostedServices services) {
    active.forEach(policy -> policy.hostedBy(services));
  }

  /** All of them, in order. */
  static List<Policy> inOrder() {
    return IN_ORDER;
  }

  private static List<Key<?>> keysOf(List<Policy> policies) {
    List<Key<?>> keys = new ArrayList<>();
    for (Policy policy : policies) {
      keys.addAll(policy.keys());
      keys.addAll(policy.switches());
    }
    return keys;
  }

  /** Every setting there is, for whoever reads settings. */
  public static KnownKeys keys() {
    return KEYS;
  }

  /** Whether callers have to say who they are, for policies that are governed or observed. */
  public static boolean needCallers(Settings settings) {
    return settings.get(Keys.GOVERNANCE) != Governance.OFF
        && IN_ORDER.stream().anyMatch(policy -> policy.needsCallers(settings));
  }

  /**
   * The pipeline of a method by these settings.
   *
   * @param proof until somebody answers; null after that
   */
  Stage[] stages(Observers observers, PlannedMethod method, Settings settings, ProofStage proof) {
    Side side = method.side();
    List<Stage> stages = new ArrayList<>();
    // Outermost, so that it sees every call that was made or arrived: refusals count too.
    stages.add(
        method.isKept() ? observers.metrics(side, method.name()) : observers.metricsOfOthers(side));
    stages.add(observers.accessLog(side, method.name(), settings));
    Governance governance = settings.get(Keys.GOVERNANCE);
    if (governance != Governance.OFF && !Scope.isObservedOnly(method.name())) {
      for (int i = 0; i < active.size(); i++) {
        Stage stage = active.get(i).stage(method, settings);
        boolean observed = stage != null && governance == Governance.OBSERVE;
        stages.add(
            observed ? new ObservedStage(IN_ORDER.get(i).name(), stage, observations) : stage);
      }
    }
    // Inside of them: a span is a call that was made; refusals are in the metrics. Outside of a
    // handler: the handler's own calls become children of this span.
    if (governance == Governance.ON) {
      // It writes a header, which is seen.
      stages.add(observers.trace(side, method.name()));
      if (!Scope.isObservedOnly(method.name())) {
        active.forEach(policy -> stages.add(policy.innerStage(method, settings)));
      }
    }
    // Innermost: only what was sent, or has reached the handler, can have been answered.
    stages.add(proof);
    return stages.stream().filter(Objects::nonNull).toArray(Stage[]::new);
  }

  /** A client's time limit for calls of a method, which the plan itself keeps; 0 for none. */
  long timeoutNanos(PlannedMethod method, Settings settings) {
    return method.side() == Side.SERVER
            || Scope.isObservedOnly(method.name())
            || settings.get(Keys.GOVERNANCE) != Governance.ON
        ? 0
        : TimeoutPolicy.nanos(settings, method.name());
  }

  /** Nothing is kept for the method any more. */
  void letGo(Side side, String method) {
    active.forEach(policy -> policy.letGo(side, method));
  }

  /** Other settings are in force, by which all methods are compiled again next. */
  void retain(Settings settings) {
    active.forEach(policy -> policy.retain(settings));
  }

  /** What the page shows of policies at this moment, by heading. */
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    active.forEach(policy -> facts.putAll(policy.facts()));
    if (!observations.facts().isEmpty()) {
      facts.put("observed", observations.facts());
    }
    return facts;
  }

  /** The same of the calls of one method, and of its service as a whole. */
  public Map<String, Object> facts(MethodSettings of) {
    Map<String, Object> facts = new LinkedHashMap<>();
    for (ActivePolicy policy : active) {
      policy
          .facts()
          .forEach(
              (heading, rows) -> {
                Map<String, Object> about = of.among(rows);
                if (!about.isEmpty()) {
                  facts.put(heading, about);
                }
              });
      facts.putAll(policy.facts(of.method()));
    }
    return facts;
  }

  /** Why calls of a client's method may fail by a policy at this moment, in whole sentences. */
  public List<String> troubles(MethodSettings of) {
    List<String> troubles = new ArrayList<>();
    if (of.settings().get(Keys.GOVERNANCE) == Governance.ON) {
      active.forEach(policy -> troubles.addAll(policy.troubles(of.method(), of.settings())));
    }
    return troubles;
  }

  /**
   * What each would do with a call of a server's method that nobody makes, by its name and in the
   * order in which a call passes them; those that have no part in it left out.
   */
  public Map<String, Foresight> foresee(SupposedCall call, Settings settings) {
    Map<String, Foresight> all = new LinkedHashMap<>();
    if (settings.get(Keys.GOVERNANCE) == Governance.OFF || Scope.isObservedOnly(call.method())) {
      return all;
    }
    for (int i = 0; i < active.size(); i++) {
      Foresight foresight = active.get(i).foresee(call, settings);
      if (foresight != null) {
        all.put(IN_ORDER.get(i).name(), foresight);
      }
    }
    return all;
  }

  /** Registers the metrics of all. To be called once. */
  public void show(PolicyMetrics metrics) {
    active.forEach(policy -> policy.show(metrics));
    observations.show(metrics);
  }

  /** The one of that type. */
  <P extends ActivePolicy> P active(Class<P> type) {
    return active.stream().filter(type::isInstance).map(type::cast).findFirst().get();
  }
}
