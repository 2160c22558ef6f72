package io.meshagent.grpc.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.meshagent.core.api.Code;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.Verdict;
import io.meshagent.core.call.Wait;
import io.meshagent.grpc.attempt.AttemptTracers;
import io.meshagent.grpc.base.ChannelFacts;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * One logical call of the program. Admitted when it starts, since a call that is made and never
 * started must take nothing; ended on close, cancel or throw, whichever comes first. As thread-safe
 * as gRPC asks of a call: cancel may come from any thread.
 */
final class GovernedCall<A, B> extends ForwardingClientCall.SimpleForwardingClientCall<A, B> {

  private final OutgoingCall call;
  private final ChannelFacts channel;
  private final CallOptions options;
  private final Context context;
  private final AttemptTracers attempts;

  /** Whether gRPC has the call; same threads as start. */
  private boolean started;

  /** Volatile: set by the thread that requests, read by who has a message to hand on. */
  private volatile boolean requested;

  /** Volatile: set by cancel on any thread, read by start when the call begins to wait. */
  private volatile boolean cancelled;

  /** Volatile: set by start, read by cancel on any thread. Null for a call that never waited. */
  private volatile DelayedStart<B> delayed;

  /** Volatile for the same reason. Null unless a stage has made the response. */
  private volatile OwnResponse<B> response;

  /**
   * @param options those of the delegate
   * @param context the one in which the program made the call
   * @param attempts sees the attempts and is among the call's options, or null
   */
  GovernedCall(
      ClientCall<A, B> delegate,
      OutgoingCall call,
      ChannelFacts channel,
      CallOptions options,
      Context context,
      AttemptTracers attempts) {
    super(delegate);
    this.call = call;
    this.channel = channel;
    this.options = options;
    this.context = context;
    this.attempts = attempts;
  }

  ChannelFacts channel() {
    return channel;
  }

  Context context() {
    return context;
  }

  /** Whether gRPC was told of a cancel, perhaps of a call that it has not seen start. */
  boolean isCancelled() {
    return cancelled;
  }

  /** The one that is over first; null if there is none. */
  Deadline deadline() {
    return TimeLeft.earlier(options.getDeadline(), context.getDeadline());
  }

  @Override
  public void start(Listener<B> listener, Metadata headers) {
    if (response != null || delayed != null) {
      // What gRPC says of it; it has not seen this call.
      throw new IllegalStateException("Already started");
    }
    if (started || listener == null || headers == null) {
      // The program's mistake, and gRPC's to complain of: no call begins here.
      super.start(listener, headers);
      return;
    }
    call.starts(delegate(), headers);
    Verdict verdict = call.admit();
    if (verdict == null) {
      proceed(listener, headers);
    } else if (verdict instanceof Wait) {
      DelayedStart<B> waits = new DelayedStart<>(this, call, listener, headers, (Wait) verdict);
      delayed = waits;
      waits.begin();
    } else {
      answer(listener);
    }
  }

  /** A stage has ended it: the program is told, soon. */
  void answer(Listener<B> listener) {
    OwnResponse<B> own = ownResponse(listener, call.outcome());
    onItsExecutor(own::tell);
  }

  /** It may start. What the program's interceptors throw is thrown. */
  void proceed(Listener<B> listener, Metadata headers) {
    started = true;
    if (attempts != null) {
      attempts.begin(call);
    } else if (call.traceContext != null || call.pipeline().marksEveryCall()) {
      // This gRPC doesn't show what it will send: then ours are written before all others.
      call.sending(headers);
    }
    try {
      super.start(new EndingListener<>(listener, call, this), headers);
    } catch (RuntimeException | Error e) {
      boolean unused = call.end(Outcome.of(Code.UNKNOWN, String.valueOf(e)).unsent());
      throw e;
    }
  }

  /** Tells the program an outcome that no server has made. On its executor. */
  void tell(Listener<B> listener, Outcome outcome) {
    ownResponse(listener, outcome).tell();
  }

  private OwnResponse<B> ownResponse(Listener<B> listener, Outcome outcome) {
    OwnResponse<B> own = new OwnResponse<>(listener, this::onItsExecutor, call, outcome);
    response = own;
    if (requested) {
      own.requested();
    }
    return own;
  }

  /** Where gRPC would have called the listener: on the call's executor, in the caller's context. */
  void onItsExecutor(Runnable task) {
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
   * gRPC has closed the call: the stages judge it, and may put another outcome in its place.
   *
   * @param status null from an interceptor of the program's that answers so
   */
  void ended(Status status, Metadata trailers, Listener<B> listener) {
    endAttempts();
    call.closes(status, trailers);
    Outcome outcome =
        call.outcomeOf(
            status,
            trailers,
            options.getDeadline(),
            context.getDeadline(),
            attempts != null,
            channel.known());
    Outcome told = call.closing(outcome);
    if (call.end(told) && told != outcome) {
      tell(listener, told);
    } else {
      listener.onClose(call.named(status, outcome), trailers);
    }
  }

  @Override
  public void cancel(String message, Throwable cause) {
    OwnResponse<B> own = response;
    if (own != null) {
      own.cancel(message, cause);
      return;
    }
    DelayedStart<B> waits = delayed;
    if (waits == null
        || !(waits.cancel(message, cause) || waits.keeps(() -> cancelNow(message, cause)))) {
      cancelNow(message, cause);
    }
  }

  private void cancelNow(String message, Throwable cause) {
    cancelled = true;
    try {
      super.cancel(message, cause);
    } finally {
      endAttempts();
      boolean unused = call.end(Code.CANCELLED, message);
      DelayedStart<B> waits = delayed;
      if (waits != null) {
        // It may have begun to wait while it was cancelled on another thread.
        waits.cancel(message, cause);
      }
    }
  }

  private void endAttempts() {
    if (attempts != null) {
      attempts.end();
    }
  }

  /** Whether the operation is not to be done now: there will be a time for it, or never. */
  private boolean isKept(Runnable operation) {
    DelayedStart<B> waits = delayed;
    return response != null || (waits != null && waits.keeps(operation));
  }

  /** Whether gRPC has the call, so that what is done with it needs no task. */
  private boolean isOpen() {
    return response == null && delayed == null;
  }

  @Override
  public void request(int messages) {
    if (messages > 0 && !requested) {
      requested = true;
    }
    OwnResponse<B> own = response;
    if (own != null && messages > 0) {
      own.requested();
    }
    if (isOpen() || !isKept(() -> super.request(messages))) {
      super.request(messages);
    }
  }

  @Override
  public void sendMessage(A message) {
    call.sends(message);
    if (isOpen() || !isKept(() -> super.sendMessage(message))) {
      super.sendMessage(message);
    } else if (delayed != null) {
      delayed.sent();
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
    DelayedStart<B> waits = delayed;
    if (waits != null && waits.awaitsMessage()) {
      return true;
    }
    return response == null && (waits == null || waits.isStarted()) && super.isReady();
  }

  /** A program that logs its calls sees what it saw before. */
  @Override
  public String toString() {
    return delegate().toString();
  }
}
