package io.meshagent.grpc.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.ForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Survived;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Verdict;
import io.meshagent.grpc.attempt.AttemptTracers;
import io.meshagent.grpc.base.ChannelFacts;
import io.meshagent.grpc.base.MetadataCall;
import io.meshagent.grpc.base.Statuses;
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
  private final CallOptions options;
  private final Context context;
  private final boolean ourDeadline;
  private final Object trace;
  private final AttemptTracers attempts;

  /** Volatile: set by start, read by cancel on any thread. Null until the call was admitted. */
  private volatile MetadataCall admitted;

  /** A refused call was never started, so nothing may reach gRPC; same threads as start. */
  private volatile boolean refused;

  /** Volatile for the same reason as the refusal. Null for a call that never had to wait. */
  private volatile DelayedStart delayed;

  /**
   * @param options those of the delegate
   * @param ourDeadline whether the options' deadline is a policy's
   * @param context the one in which the program made the call
   * @param trace the trace around the call, or null
   * @param attempts sees the attempts and is among the call's options, or null
   */
  GovernedCall(
      ClientCall<A, B> delegate,
      ChannelFacts channel,
      CallPlan plan,
      Mesh mesh,
      CallOptions options,
      boolean ourDeadline,
      Context context,
      Object trace,
      AttemptTracers attempts) {
    super(delegate);
    this.channel = channel;
    this.plan = plan;
    this.mesh = mesh;
    this.options = options;
    this.ourDeadline = ourDeadline;
    this.context = context;
    this.trace = trace;
    this.attempts = attempts;
  }

  @Override
  public void start(Listener<B> listener, Metadata headers) {
    if (refused || delayed != null) {
      // What gRPC says of it; it has not seen this call.
      throw new IllegalStateException("Already started");
    }
    if (admitted != null || listener == null || headers == null) {
      // The program's mistake, and gRPC's to complain of: no call begins here.
      super.start(listener, headers);
      return;
    }
    MetadataCall call = new MetadataCall(plan, mesh, headers, delegate());
    call.traceContext = trace;
    DelayedStart waits = options.isWaitForReady() ? waiting(call, listener, headers) : null;
    Verdict verdict = waits == null ? call.admit() : waits.admit();
    if (verdict == null) {
      proceed(call, listener, headers);
    } else if (verdict instanceof Refusal) {
      refused = true;
      Refusal refusal = (Refusal) verdict;
      onItsExecutor(() -> listener.onClose(Statuses.status(refusal), Statuses.trailers(refusal)));
    } else {
      delayed = waits;
      waits.begin();
    }
  }

  private void proceed(MetadataCall call, Listener<B> listener, Metadata headers) {
    admitted = call;
    if (attempts != null) {
      attempts.begin(call);
    } else if (trace != null || plan.marksEveryCall()) {
      // This gRPC doesn't show what it will send: then ours are written before all others.
      call.sending(headers);
    }
    try {
      super.start(new EndingListener<>(listener, call, this), headers);
    } catch (RuntimeException | Error e) {
      call.endUnsent(Code.UNKNOWN, String.valueOf(e));
      throw e;
    }
  }

  private DelayedStart waiting(MetadataCall call, Listener<B> listener, Metadata headers) {
    DelayedStart waits =
        new DelayedStart(
            new DelayedStart.Program() {
              @Override
              public void proceed() {
                GovernedCall.this.proceed(call, listener, headers);
              }

              @Override
              public void close(Status status, Refusal refusal) {
                listener.onClose(
                    status, refusal == null ? new Metadata() : Statuses.trailers(refusal));
              }

              @Override
              public void onItsExecutor(Runnable task) {
                GovernedCall.this.onItsExecutor(task);
              }
            },
            call,
            mesh,
            context,
            TimeLeft.earlier(options.getDeadline(), context.getDeadline()));
    call.mayWait(waits);
    return waits;
  }

  /** Where gRPC would have called the listener: on the call's executor, in the caller's context. */
  private void onItsExecutor(Runnable task) {
    Executor own = options.getExecutor();
    Executor executor = own != null ? own : channel.executor();
    Runnable inContext = context.wrap(task);
    try {
      executor.execute(inContext);
    } catch (RejectedExecutionException e) {
      inContext.run();
    }
  }

  /**
   * How the call ended, for who judges by it.
   *
   * @param status null from an interceptor of the program's that answers so
   */
  void ended(MetadataCall call, Status status, Metadata trailers) {
    if (status == null) {
      boolean unused = call.end(Code.UNKNOWN, "ended without a status");
      return;
    }
    if (!status.isOk()) {
      if (Statuses.isRefused(trailers)) {
        call.passedOn();
      }
      if (options.isWaitForReady() && attempts != null && !call.hasLeft()) {
        call.neverLeft();
      }
      if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
        TimeLeft.tell(call, options.getDeadline(), context.getDeadline());
      } else if (status.getCode() == Status.Code.UNIMPLEMENTED && !call.hasResponded()) {
        unimplemented(call);
      }
    }
    boolean unused = call.end(Statuses.code(status), status.getDescription());
  }

  /** What a server says that does not know the method. Who did is known only if one was asked. */
  private void unimplemented(MetadataCall call) {
    try {
      Service service = plan.service();
      if (service == null) {
        return;
      }
      Endpoints used = mesh.route(service, channel.scheme()).used(service.endpoints());
      Instance again = plan.unimplementedBy(used, call.peer(), mesh.nanoTime());
      if (again != null) {
        mesh.warn(
            again
                + " is registered for a service and answers UNIMPLEMENTED to "
                + plan.method()
                + ", so these calls go to other instances but for one now and then, until it answers");
      }
    } catch (Throwable e) {
      Survived.tell(mesh, "an answer of UNIMPLEMENTED", e);
    }
  }

  /** A deadline that the program did not set has to say who did. */
  Status named(MetadataCall call, Status status) {
    return ourDeadline && call.isOutOfTime() && !call.hadInheritedTime()
        ? status.augmentDescription("mesh-agent: client.timeout of " + plan.method())
        : status;
  }

  @Override
  public void cancel(String message, Throwable cause) {
    if (refused) {
      return;
    }
    DelayedStart waits = delayed;
    if (waits == null
        || !(waits.cancel(message, cause) || waits.keeps(() -> cancelNow(message, cause)))) {
      cancelNow(message, cause);
    }
  }

  private void cancelNow(String message, Throwable cause) {
    try {
      super.cancel(message, cause);
    } finally {
      MetadataCall call = admitted;
      if (call != null) {
        call.end(Code.CANCELLED, message);
      }
    }
  }

  /** Whether the operation is not to be done now: there will be a time for it, or never. */
  private boolean isKept(Runnable operation) {
    DelayedStart waits = delayed;
    return refused || (waits != null && waits.keeps(operation));
  }

  /** Whether gRPC has the call, so that what is done with it needs no task. */
  private boolean isOpen() {
    return !refused && delayed == null;
  }

  @Override
  public void request(int messages) {
    if (isOpen() || !isKept(() -> super.request(messages))) {
      super.request(messages);
    }
  }

  @Override
  public void sendMessage(A message) {
    if (isOpen() || !isKept(() -> super.sendMessage(message))) {
      super.sendMessage(message);
    }
  }

  @Override
  public void halfClose() {
    if (isOpen() || !isKept(super::halfClose)) {
      super.halfClose();
    }
  }

  @Override
  public void setMessageCompression(boolean enabled) {
    if (isOpen() || !isKept(() -> super.setMessageCompression(enabled))) {
      super.setMessageCompression(enabled);
    }
  }

  @Override
  public boolean isReady() {
    DelayedStart waits = delayed;
    return !refused && (waits == null || waits.isStarted()) && super.isReady();
  }

  /** A program that logs its calls sees what it saw before. */
  @Override
  public String toString() {
    return delegate().toString();
  }
}
