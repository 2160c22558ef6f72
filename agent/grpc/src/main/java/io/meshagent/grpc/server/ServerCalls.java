package io.meshagent.grpc.server;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Verdict;
import io.meshagent.grpc.base.MetadataCall;
import io.meshagent.grpc.base.MethodPlans;
import io.meshagent.grpc.base.Statuses;
import java.net.InetSocketAddress;

/** Puts the server pipeline around a method: outside the program's own interceptors. */
public final class ServerCalls {

  private final Mesh mesh;
  private final MethodPlans plans;

  public ServerCalls(Mesh mesh, MethodPlans plans) {
    this.mesh = mesh;
    this.plans = plans;
  }

  /** The definition to use instead, or null for the one that was given. */
  public Object governed(Object definition) {
    return wrap((ServerMethodDefinition<?, ?>) definition);
  }

  private <A, B> ServerMethodDefinition<A, B> wrap(ServerMethodDefinition<A, B> definition) {
    CallPlan plan = plans.server(definition.getMethodDescriptor());
    ServerCallHandler<A, B> next = definition.getServerCallHandler();
    return plan == null
        ? null
        : definition.withServerCallHandler((call, headers) -> start(plan, next, call, headers));
  }

  private <A, B> ServerCall.Listener<A> start(
      CallPlan plan, ServerCallHandler<A, B> next, ServerCall<A, B> call, Metadata headers) {
    Attributes attributes = call.getAttributes();
    if (attributes == null
        || !(attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress)) {
      // In-process and unix sockets are left alone, and what a test made.
      return next.startCall(call, headers);
    }
    MetadataCall governed = new MetadataCall(plan, mesh, headers, null);
    Verdict verdict = governed.admit();
    if (verdict instanceof Refusal) {
      Refusal refusal = (Refusal) verdict;
      call.close(Statuses.status(refusal), Statuses.trailers(refusal));
      return new ServerCall.Listener<A>() {};
    }
    Context context =
        governed.traceContext == null
            ? null
            : Context.current().withValue(MetadataCall.TRACE, governed.traceContext);
    GovernedServerCall<A, B> seen = new GovernedServerCall<>(call);
    Context previous = context == null ? null : context.attach();
    try {
      ServerCall.Listener<A> listener = next.startCall(seen, headers);
      if (listener == null) {
        governed.end(Code.UNKNOWN, "the handler returned no listener");
        return null;
      }
      return new GovernedServerListener<>(listener, governed, seen, context);
    } catch (RuntimeException | Error e) {
      governed.end(Code.UNKNOWN, String.valueOf(e));
      throw e;
    } finally {
      if (context != null) {
        context.detach(previous);
      }
    }
  }
}
