package io.meshagent.grpc.server;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.meshagent.core.api.CallPlan;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Refusal;
import io.meshagent.core.api.Verdict;
import io.meshagent.grpc.Headers;
import io.meshagent.grpc.Plans;
import java.net.InetSocketAddress;

/** Puts the server pipeline around a method: outside the program's own interceptors. */
public final class ServerCalls {

  private final Mesh mesh;
  private final Plans plans;

  public ServerCalls(Mesh mesh, Plans plans) {
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
    Headers governed = new Headers(plan, mesh, headers, null);
    Verdict verdict = governed.admit();
    if (verdict instanceof Refusal) {
      Refusal refusal = (Refusal) verdict;
      call.close(Headers.status(refusal), Headers.trailers(refusal));
      return new ServerCall.Listener<A>() {};
    }
    Context context =
        governed.traceContext == null
            ? null
            : Context.current().withValue(Headers.TRACE, governed.traceContext);
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
