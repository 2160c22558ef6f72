package io.meshagent.grpc.base;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.PlanSource;

/**
 * The plans of the methods that this copy of gRPC calls and serves, by descriptor: those that are
 * kept. For other methods, of which there is no end where callers name them, the engine is asked
 * each time. Thread-safe.
 */
public final class MethodPlans {

  /** What was found for a descriptor. */
  private static final class Found {
    /** Volatile: found again when it is no longer kept. Null if the calls are left alone. */
    volatile CallPlan plan;

    Found(CallPlan plan) {
      this.plan = plan;
    }
  }

  private final PlanSource source;
  private final IdentityCache<MethodDescriptor<?, ?>, Found> client = new IdentityCache<>();
  private final IdentityCache<MethodDescriptor<?, ?>, Found> server = new IdentityCache<>();

  public MethodPlans(PlanSource source) {
    this.source = source;
  }

  /** The client's plan for a method, or null if its calls are left alone. */
  public CallPlan client(MethodDescriptor<?, ?> method) {
    Found found = client.find(method);
    CallPlan plan = found == null ? null : found.plan;
    return found != null && (plan == null || plan.isKept())
        ? plan
        : look(client, found, Side.CLIENT, method);
  }

  /** The client's plan for a method, if it is kept; else null, and nobody is asked for one. */
  public CallPlan keptClient(MethodDescriptor<?, ?> method) {
    Found found = client.find(method);
    CallPlan plan = found == null ? null : found.plan;
    return plan != null && plan.isKept() ? plan : null;
  }

  /** The server's plan for a method, or null if its calls are left alone. */
  public CallPlan server(MethodDescriptor<?, ?> method) {
    Found found = server.find(method);
    CallPlan plan = found == null ? null : found.plan;
    return found != null && (plan == null || plan.isKept())
        ? plan
        : look(server, found, Side.SERVER, method);
  }

  private CallPlan look(
      IdentityCache<MethodDescriptor<?, ?>, Found> cache,
      Found found,
      Side side,
      MethodDescriptor<?, ?> method) {
    CallPlan plan = source.plan(side, method.getFullMethodName(), kindOf(method.getType()));
    if (plan == null || plan.isKept()) {
      if (found == null) {
        Found unused = cache.add(method, new Found(plan));
      } else {
        found.plan = plan;
      }
    }
    return plan;
  }

  private static MethodKind kindOf(MethodType type) {
    switch (type) {
      case UNARY:
        return MethodKind.UNARY;
      case CLIENT_STREAMING:
        return MethodKind.CLIENT_STREAMING;
      case SERVER_STREAMING:
        return MethodKind.SERVER_STREAMING;
      default:
        // Nothing is known of UNKNOWN, which takes what a stream with many of both takes.
        return MethodKind.BIDI_STREAMING;
    }
  }
}
