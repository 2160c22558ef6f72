package io.meshagent.core.policy;

import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.Wildcards;
import io.meshagent.core.log.Log;
import io.meshagent.core.policy.base.HostedServices;
import io.meshagent.core.policy.base.PlannedMethod;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Compiles settings into the plans that calls follow. Called by the engine on the program's threads
 * when a method is called for the first time, and by whoever brings new settings. Thread-safe; no
 * lock is held that methods share.
 *
 * <p>A method has a plan that is kept, with state of its own, as long as there is room for its
 * {@link PlanRank}. For all others a plan is made for the one call: it has the stages that keep
 * nothing for a method, among them the limits and the timeout that the settings name for it, is
 * counted as {@code other}, and ends as soon as somebody has answered the method.
 */
public final class PlanCompiler {

  private final Observers observers;
  private final Services services;
  private final LongSupplier nanoTime;
  private final Policies policies;
  private final SidePlans clientPlans;
  private final SidePlans serverPlans;

  /** The methods of the services that the program's servers list. */
  private final Set<String> hosted = ConcurrentHashMap.newKeySet();

  /** Volatile: set by whichever call comes first. Whether it was said that not all are kept. */
  private volatile boolean told;

  /** Volatile: a plan that was made by older ones is compiled again by whoever made it. */
  private volatile Settings settings;

  /**
   * Plans for the given settings, until {@link #recompile}.
   *
   * @param observers null for none
   */
  public PlanCompiler(
      Settings settings, Observers observers, LongSupplier nanoTime, Services services) {
    this.settings = settings;
    this.observers = observers == null ? Observers.NONE : observers;
    this.services = services;
    this.nanoTime = nanoTime;
    this.policies = new Policies(nanoTime);
    this.policies.hostedBy(
        new HostedServices() {
          @Override
          public Service hold(String name) {
            return services.hold(name);
          }

          @Override
          public void letGo(Service service) {
            services.letGo(service);
          }
        });
    this.clientPlans = new SidePlans(nanoTime.getAsLong());
    this.serverPlans = new SidePlans(nanoTime.getAsLong());
  }

  /**
   * The plan of a method.
   *
   * @param fullMethod {@code package.Service/Method}
   * @return null if its calls are none of our business
   */
  public CallPlan plan(Side side, String fullMethod, MethodKind kind) {
    Kept kept = plans(side).get(fullMethod);
    if (kept != null) {
      return kept.plan;
    }
    if (Scope.isLeftAlone(fullMethod)) {
      return null;
    }
    PlanRank standing =
        side == Side.SERVER && hosted.contains(fullMethod) ? PlanRank.OWN : PlanRank.UNPROVEN;
    if (!plans(side).hasRoom(standing)) {
      plans(side).makeRoom(nanoTime.getAsLong(), this::letGo);
    }
    return plans(side).hasRoom(standing)
        ? keep(side, fullMethod, kind, standing).plan
        : forOneCall(side, fullMethod, kind);
  }

  private Kept keep(Side side, String method, MethodKind kind, PlanRank standing) {
    Settings used = settings;
    Service service = isLookedUp(side, method) ? services.hold(service(method)) : null;
    Kept made = new Kept(new CallPlan(side, method, service), kind, standing, nanoTime.getAsLong());
    install(made, used);
    Kept stands = plans(side).add(made);
    if (stands != made) {
      letGoOf(service);
    } else if (used != settings) {
      install(made, settings);
    }
    return stands;
  }

  private CallPlan forOneCall(Side side, String method, MethodKind kind) {
    if (!told) {
      told = true;
      Log.warn(
          "calls name more gRPC methods than are kept, as where callers make names up: "
              + PlanRank.UNPROVEN.most
              + " that nobody has answered, "
              + PlanRank.ANSWERED.most
              + " of services that are not registered; further ones are counted as 'other' and have"
              + " no breaker");
    }
    Service service = isLookedUp(side, method) ? services.find(service(method)) : null;
    CallPlan plan = CallPlan.forOneCall(side, method, service);
    PlannedMethod planned = new PlannedMethod(side, method, kind, service, false);
    install(plan, planned, settings, proof(null, planned));
    return plan;
  }

  private ProofStage proof(Kept kept, PlannedMethod planned) {
    return new ProofStage(kept, method -> answered(planned.side(), method, planned.kind()));
  }

  private boolean isLookedUp(Side side, String method) {
    return side == Side.CLIENT
        && method.lastIndexOf('/') > 0
        && Scope.isLookedUp(method)
        && settings.get(RegistryKeys.DISCOVER_ENABLED)
        && isIncluded(service(method));
  }

  private boolean isIncluded(String service) {
    Wildcards included = settings.get(RegistryKeys.DISCOVER_INCLUDE_SERVICES);
    return (included.patterns().isEmpty() || included.matches(service))
        && !settings.get(RegistryKeys.DISCOVER_EXCLUDE_SERVICES).matches(service);
  }

  private static String service(String method) {
    return method.substring(0, method.lastIndexOf('/'));
  }

  /**
   * A server of the program has these methods, whoever calls them.
   *
   * @param methods full names
   */
  public void hosts(Collection<String> methods) {
    for (String method : methods) {
      if (hosted.size() < PlanRank.OWN.most) {
        hosted.add(method);
      }
    }
  }

  /** The methods that this program calls, as far as they are kept. */
  public Set<String> called() {
    Set<String> called = new TreeSet<>();
    clientPlans.all().forEach(kept -> called.add(kept.plan.method()));
    return called;
  }

  /** The methods that servers of this program list, and others that they have answered. */
  public Set<String> served() {
    Set<String> served = new TreeSet<>(hosted);
    for (Kept kept : serverPlans.all()) {
      if (kept.standing() != PlanRank.UNPROVEN) {
        served.add(kept.plan.method());
      }
    }
    return served;
  }

  /** Of which kind a method is that servers of this program were asked for; null if none was. */
  public MethodKind kindServed(String method) {
    Kept kept = serverPlans.get(method);
    return kept == null ? null : kept.kind;
  }

  /** Why calls of a service go to their own target, whatever the channel is; null if not so. */
  public String neverLookedUp(String service) {
    return Scope.isLeftAlone(service) || !Scope.isLookedUp(service)
        ? "the service is never looked up"
        : null;
  }

  /** Whether a server of the program lists the method. */
  public boolean isHosted(String method) {
    return hosted.contains(method);
  }

  /** Somebody has answered: there is such a method, and it is kept if there is room. */
  private void answered(Side side, String method, MethodKind kind) {
    SidePlans plans = plans(side);
    Kept kept = plans.get(method);
    PlanRank standing = isOwn(side, method) ? PlanRank.OWN : PlanRank.ANSWERED;
    if (!plans.hasRoom(standing)) {
      return;
    }
    if (kept == null) {
      Kept unused = keep(side, method, kind, standing);
      return;
    }
    synchronized (kept) {
      if (kept.standing() == PlanRank.UNPROVEN && kept.plan.isKept()) {
        plans.rise(kept, standing);
        install(kept, settings);
      }
    }
  }

  private boolean isOwn(Side side, String method) {
    if (side == Side.SERVER) {
      return hosted.contains(method);
    }
    Service service = isLookedUp(side, method) ? services.find(service(method)) : null;
    return service != null && service.endpoints().state() == Endpoints.State.PRESENT;
  }

  /** With the plan's lock held. */
  private void letGo(Kept kept) {
    CallPlan plan = kept.plan;
    observers.letGo(plan.side(), plan.method());
    policies.letGo(plan.side(), plan.method());
    letGoOf(plan.service());
  }

  private void letGoOf(Service service) {
    if (service != null) {
      services.letGo(service);
    }
  }

  /** Puts other settings in force, for the calls that begin from now on. */
  public synchronized void recompile(Settings newSettings) {
    settings = newSettings;
    policies.retain(newSettings);
    clientPlans.all().forEach(kept -> install(kept, newSettings));
    serverPlans.all().forEach(kept -> install(kept, newSettings));
  }

  private void install(Kept kept, Settings by) {
    synchronized (kept) {
      CallPlan plan = kept.plan;
      if (!plan.isKept()) {
        // It was let go of meanwhile; what policies made for it now would stay for ever.
        return;
      }
      PlannedMethod planned =
          new PlannedMethod(plan.side(), plan.method(), kept.kind, plan.service(), true);
      boolean unproven = kept.standing() == PlanRank.UNPROVEN;
      install(plan, planned, by, unproven ? proof(kept, planned) : null);
    }
  }

  private void install(CallPlan plan, PlannedMethod planned, Settings by, ProofStage proof) {
    plan.install(
        policies.stages(observers, planned, by, proof), policies.timeoutNanos(planned, by));
  }

  private SidePlans plans(Side side) {
    return side == Side.CLIENT ? clientPlans : serverPlans;
  }

  /** What governs the calls, for metrics and the admin page. */
  public Policies policies() {
    return policies;
  }
}
