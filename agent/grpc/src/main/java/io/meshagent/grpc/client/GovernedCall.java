package io.meshagent.grpc.client;

import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.ForwardingClientCall;
import io.grpc.ForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.Status;
import io.meshagent.core.api.CallPlan;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Refusal;
import io.meshagent.grpc.ChannelFacts;
import io.meshagent.grpc.Headers;
import io.meshagent.grpc.attempt.OutgoingHeaders;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * One logical call of the program. Admitted when it starts, since a call that is made and never
 * started must take nothing; ended on close, cancel or throw, whichever comes first. As thread-safe
 * as gRPC asks of a call: cancel may come from any thread.
 */
final class GovernedCall<A, B> extends ForwardingClientCall.SimpleForwardingClientCall<A, B> {

  private final ChannelFacts channel;
  private final CallPlan plan;
  private final Mesh mesh;
  private final Executor ownExecutor;
  private final boolean ourDeadline;
  private final Object trace;
  private final OutgoingHeaders outgoing;

  /** Volatile: set by start, read by cancel on any thread. Null until the call was admitted. */
  private volatile Headers admitted;

  /** A refused call was never started, so nothing may reach gRPC; same threads as start. */
  private volatile boolean refused;

  /**
   * @param ownExecutor the executor that the program named for this call, or null
   * @param ourDeadline whether the call's deadline is a policy's
   * @param trace the trace around the call, or null
   * @param outgoing shows the headers of attempts and is among the call's options, or null
   */
  GovernedCall(
      ClientCall<A, B> delegate,
      ChannelFacts channel,
      CallPlan plan,
      Mesh mesh,
      Executor ownExecutor,
      boolean ourDeadline,
      Object trace,
      OutgoingHeaders outgoing) {
    super(delegate);
    this.channel = channel;
    this.plan = plan;
    this.mesh = mesh;
    this.ownExecutor = ownExecutor;
    this.ourDeadline = ourDeadline;
    this.trace = trace;
    this.outgoing = outgoing;
  }

  @Override
  public void start(Listener<B> listener, Metadata headers) {
    if (refused) {
      // What gRPC says of it; it has not seen this call.
      throw new IllegalStateException("Already started");
    }
    if (admitted != null || listener == null || headers == null) {
      // The program's mistake, and gRPC's to complain of: no call begins here.
      super.start(listener, headers);
      return;
    }
    Headers call = new Headers(plan, mesh, headers);
    call.traceContext = trace;
    Refusal refusal = call.admit();
    if (refusal != null) {
      refused = true;
      deliver(listener, refusal);
      return;
    }
    admitted = call;
    if (outgoing != null) {
      outgoing.of(call);
    } else if (trace != null || plan.marksEveryCall()) {
      // This gRPC doesn't show what it will send: then ours are written before all others.
      call.sending(headers);
    }
    try {
      super.start(new EndingListener<>(listener, call, ourDeadline), headers);
    } catch (RuntimeException | Error e) {
      call.endUnsent(Code.UNKNOWN, String.valueOf(e));
      throw e;
    }
  }

  /** Where gRPC would have called the listener: on the call's executor, in the caller's context. */
  private void deliver(Listener<B> listener, Refusal refusal) {
    Executor executor = ownExecutor != null ? ownExecutor : channel.executor();
    Runnable close = () -> listener.onClose(Headers.status(refusal), Headers.trailers(refusal));
    try {
      executor.execute(Context.current().wrap(close));
    } catch (RejectedExecutionException e) {
      close.run();
    }
  }

  @Override
  public void cancel(String message, Throwable cause) {
    if (refused) {
      return;
    }
    try {
      super.cancel(message, cause);
    } finally {
      Headers call = admitted;
      if (call != null) {
        call.end(Code.CANCELLED, message);
      }
    }
  }

  @Override
  public void request(int messages) {
    if (!refused) {
      super.request(messages);
    }
  }

  @Override
  public void sendMessage(A message) {
    if (!refused) {
      super.sendMessage(message);
    }
  }

  @Override
  public void halfClose() {
    if (!refused) {
      super.halfClose();
    }
  }

  @Override
  public void setMessageCompression(boolean enabled) {
    if (!refused) {
      super.setMessageCompression(enabled);
    }
  }

  @Override
  public boolean isReady() {
    return !refused && super.isReady();
  }

  /** A program that logs its calls sees what it saw before. */
  @Override
  public String toString() {
    return delegate().toString();
  }

  /** Sees the end of the call before the program does. */
  private static final class EndingListener<B>
      extends ForwardingClientCallListener.SimpleForwardingClientCallListener<B> {

    private final Headers call;
    private final boolean ourDeadline;

    EndingListener(Listener<B> delegate, Headers call, boolean ourDeadline) {
      super(delegate);
      this.call = call;
      this.ourDeadline = ourDeadline;
    }

    @Override
    public void onHeaders(Metadata headers) {
      call.responded();
      super.onHeaders(headers);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      call.end(Headers.code(status), status.getDescription());
      super.onClose(ourDeadline ? named(status) : status, trailers);
    }

    /** A deadline that the program did not set has to say who did. */
    private Status named(Status status) {
      return status.getCode() == Status.Code.DEADLINE_EXCEEDED
          ? status.augmentDescription("mesh-agent: client.timeout of " + call.plan().method())
          : status;
    }
  }
}
