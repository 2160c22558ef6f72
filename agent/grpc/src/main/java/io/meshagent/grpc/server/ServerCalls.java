package io.meshagent.grpc.server;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.meshagent.core.api.Agent;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.LogContext;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.call.Answer;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.Verdict;
import io.meshagent.core.call.Wait;
import io.meshagent.grpc.base.CallerHeader;
import io.meshagent.grpc.base.LogIds;
import io.meshagent.grpc.base.MetadataCall;
import io.meshagent.grpc.base.MethodPlans;
import io.meshagent.grpc.base.Statuses;
import java.net.InetSocketAddress;

/** Puts the server pipeline around a method: outside the program's own interceptors. */
public final class ServerCalls {

  private final Mesh mesh;
  private final MethodPlans plans;

  /** Null if the program's log lines are none of ours. */
  private final LogContext log;

  /**
   * @param log where ids are put for log lines, or null
   */
  public ServerCalls(Mesh mesh, MethodPlans plans, LogContext log) {
    this.log = log;
    this.mesh = mesh;
    this.plans = plans;
  }

  /** The definition to use instead, or null for the one that was given. */
  public Object governed(Object definition) {
    return wrap((ServerMethodDefinition<?, ?>) definition);
  }

  private <A, B> ServerMethodDefinition<A, B> wrap(ServerMethodDefinition<A, B> definition) {
    CallPlan plan = plans.server(definition.getMethodDescriptor());
    return plan == null ? null : GovernedHandler.of(this, definition, plan);
  }

  /** A call of a governed method begins. */
  <A, B> ServerCall.Listener<A> start(
      CallPlan plan, ServerCallHandler<A, B> next, ServerCall<A, B> call, Metadata headers) {
    Attributes attributes = call.getAttributes();
    if (attributes == null
        || !(attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress)) {
      // In-process and unix sockets are left alone, and what a test made.
      return next.startCall(call, headers);
    }
    IncomingCall governed = new IncomingCall(plan, mesh, headers, call);
    Verdict verdict = governed.admit();
    if (verdict == null) {
      return proceed(governed, call, headers, next);
    }
    if (verdict instanceof Wait) {
      WaitingListener<A, B> waits = new WaitingListener<>(this, governed, call, headers, next);
      governed.park(waits);
      return waits;
    }
    respond(call, governed.outcome());
    return new ServerCall.Listener<A>() {};
  }

  /** Starts a call that was admitted, where and as gRPC would; null if the handler says so. */
  <A, B> ServerCall.Listener<A> proceed(
      IncomingCall governed,
      ServerCall<A, B> call,
      Metadata headers,
      ServerCallHandler<A, B> next) {
    CallerHeader.takeOut(headers);
    LogIds ids = log == null ? null : LogIds.of(log, governed);
    Context context = contextOf(governed, ids);
    GovernedServerCall<A, B> seen = new GovernedServerCall<>(call, governed);
    Context previous = context == null ? null : context.attach();
    try {
      ServerCall.Listener<A> listener = start(ids, next, seen, headers);
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

  private <A, B> ServerCall.Listener<A> start(
      LogIds ids, ServerCallHandler<A, B> next, ServerCall<A, B> call, Metadata headers) {
    return ids == null
        ? next.startCall(call, headers)
        : LoggedListener.start(ids, next, call, headers);
  }

  /** What the handler runs in, where that is not the one that gRPC has made. */
  private static Context contextOf(IncomingCall governed, LogIds ids) {
    Context now = Context.current();
    Context made = now;
    if (governed.traceContext != null) {
      made = made.withValue(MetadataCall.TRACE, governed.traceContext);
    }
    if (governed.isCopy) {
      made = made.withValue(MetadataCall.COPY, true);
    }
    if (ids != null) {
      made = made.withValue(LogIds.KEY, ids);
    }
    return made == now ? null : made;
  }

  /**
   * What a context is to run or to wrap, with the ids of the call that it belongs to.
   *
   * @return null if it belongs to none that has some
   */
  public Object contextTask(Object context, Object task) {
    LogIds ids = log == null || task == null ? null : LogIds.KEY.get((Context) context);
    return ids == null ? null : new LoggedTask(task, ids);
  }

  /** Tells the caller an outcome that the program has not made. */
  static <B> void respond(ServerCall<?, B> call, Outcome outcome) {
    Answer answer = outcome.answer();
    if (answer != null) {
      call.sendHeaders(Statuses.headers(answer));
      if (answer.message() != null) {
        @SuppressWarnings("unchecked") // The stage knows the method that it was made for.
        B message = (B) answer.message();
        call.sendMessage(message);
      }
    }
    call.close(Statuses.status(outcome), Statuses.trailers(outcome));
  }

  Agent agent() {
    return mesh;
  }
}
