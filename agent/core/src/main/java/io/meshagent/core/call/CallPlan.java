package io.meshagent.core.call;

import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Side;
import io.meshagent.core.api.Unimplemented;
import java.util.List;

/**
 * All that was decided once for a method on one side, so that a call looks nothing up by name:
 * which it is, and behind one volatile the {@link Pipeline} that its calls follow. There is one
 * plan per side and method that is kept, and adapters cache it by the identity of the method's
 * descriptor, for as long as {@link #isKept} says so. For a method that nobody has heard of there
 * may be none: then each call has a plan of its own. Thread-safe.
 */
public final class CallPlan {

  private final Side side;
  private final String method;
  private final Service service;

  /** Volatile: ends once, on whatever thread looks for room. */
  private volatile boolean kept = true;

  /** Replaced as a whole when a rule changes; a call reads it once, when it begins. */
  private volatile Pipeline pipeline = Pipeline.NONE;

  /** Volatile: made by the first call that ends so, read by each pick. Null until then. */
  private volatile Unimplemented unimplemented;

  /**
   * @param method the full method name, {@code package.Service/Method}
   * @param service what the directory says of the service; null where calls are never rerouted
   */
  public CallPlan(Side side, String method, Service service) {
    this.side = side;
    this.method = method;
    this.service = service;
  }

  /** A plan that nobody keeps; as the constructor's otherwise. */
  public static CallPlan forOneCall(Side side, String method, Service service) {
    CallPlan plan = new CallPlan(side, method, service);
    plan.kept = false;
    return plan;
  }

  /** Whether calls to come may follow it; else the engine has to be asked again. */
  public boolean isKept() {
    return kept;
  }

  /** Calls that follow it go on to their end; others don't begin. */
  public void letGo() {
    kept = false;
  }

  /** Puts a newly compiled pipeline in force for the calls that start from now on. */
  public void install(Stage[] stages, long timeoutNanos) {
    pipeline = Pipeline.of(timeoutNanos, stages);
  }

  /** What is in force for a call that begins now. */
  public Pipeline pipeline() {
    return pipeline;
  }

  public Side side() {
    return side;
  }

  /** The full method name, {@code package.Service/Method}. */
  public String method() {
    return method;
  }

  /** The service in the directory, or null if calls of this method are never rerouted. */
  public Service service() {
    return service;
  }

  /** Which instances say that they do not know this method; null nearly always. */
  public Unimplemented unimplemented() {
    return unimplemented;
  }

  /**
   * A server answered UNIMPLEMENTED, and nothing before that. Of no interest unless it is one of
   * several instances that the call's channel uses.
   *
   * @param used those of the service that the channel uses
   * @param peer its address, null if that is not known
   * @return an instance that has said nothing else for a while, for people; null nearly always
   */
  public Instance unimplementedBy(Endpoints used, Object peer, long nowNanos) {
    if (peer == null) {
      return null;
    }
    List<Instance> instances = used.instances();
    if (instances.size() < 2) {
      return null;
    }
    Instance again = null;
    for (Instance instance : instances) {
      if (peer.equals(instance.address())
          && unimplementedMade().saidBy(instance, instances.size(), nowNanos)) {
        again = instance;
      }
    }
    return again;
  }

  private synchronized Unimplemented unimplementedMade() {
    if (unimplemented == null) {
      unimplemented = new Unimplemented();
    }
    return unimplemented;
  }
}
