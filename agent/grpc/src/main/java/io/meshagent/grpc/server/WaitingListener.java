package io.meshagent.grpc.server;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Survived;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.Verdict;
import io.meshagent.core.call.Wait;

/**
 * The listener of a call that waits before the program hears of it. Keeps what gRPC tells
 * meanwhile: there is no message among it, since nobody has requested one, so the caller can send
 * no more than its flow control lets it. All of it, and what follows when a stage resumes the call,
 * runs on the call's own executor, one after the other. Needs no thread meanwhile.
 *
 * <p>The call's deadline, a cancel and the end of the server come as {@code onCancel}.
 */
final class WaitingListener<A, B> extends ServerCall.Listener<A> implements Runnable {

  private final ServerCalls calls;
  private final IncomingCall call;
  private final ServerCall<A, B> served;
  private final Metadata headers;
  private final ServerCallHandler<A, B> next;
  private final Context context = Context.current();

  /** The program's, once the call has started. */
  private ServerCall.Listener<A> started;

  private boolean over;
  private boolean ready;
  private boolean halfClosed;

  WaitingListener(
      ServerCalls calls,
      IncomingCall call,
      ServerCall<A, B> served,
      Metadata headers,
      ServerCallHandler<A, B> next) {
    this.calls = calls;
    this.call = call;
    this.served = served;
    this.headers = headers;
    this.next = next;
  }

  /** A stage has resumed the call. Any thread. */
  @Override
  public void run() {
    try {
      call.executor().execute(context.wrap(this::askAgain));
    } catch (RuntimeException | Error e) {
      // The server's executor takes nothing any more: gRPC can't tell this call of its end either.
      Survived.tell(calls.agent(), "a call that waited", e);
      boolean unused = call.end(Outcome.of(Code.CANCELLED, String.valueOf(e)).unsent());
    }
  }

  private void askAgain() {
    if (over || started != null || context.isCancelled()) {
      // The last: gRPC is about to say so.
      return;
    }
    Verdict verdict = call.admit();
    if (verdict instanceof Wait) {
      call.park(this);
    } else if (verdict == null) {
      start();
    } else {
      over = true;
      ServerCalls.respond(served, call.outcome());
    }
  }

  /** What gRPC does when it starts a call. What the program throws goes on, to who logs it. */
  private void start() {
    try {
      started = calls.proceed(call, served, headers, next);
      if (started == null) {
        throw new NullPointerException("startCall() returned a null listener");
      }
    } catch (RuntimeException | Error e) {
      over = true;
      close(Status.fromThrowable(e));
      throw e;
    }
    try {
      if (ready) {
        started.onReady();
      }
      if (halfClosed) {
        started.onHalfClose();
      }
    } catch (RuntimeException | Error e) {
      close(Status.UNKNOWN.withDescription("Application error processing RPC").withCause(e));
      throw e;
    }
  }

  private void close(Status status) {
    try {
      served.close(status, new Metadata());
    } catch (IllegalStateException e) {
      // The program has closed it before it threw.
    }
  }

  @Override
  public void onMessage(A message) {
    if (started != null) {
      started.onMessage(message);
    }
  }

  @Override
  public void onHalfClose() {
    halfClosed = true;
    if (started != null) {
      started.onHalfClose();
    }
  }

  @Override
  public void onReady() {
    ready = true;
    if (started != null) {
      started.onReady();
    }
  }

  @Override
  public void onCancel() {
    if (started != null) {
      started.onCancel();
    } else {
      over = true;
      Deadline deadline = context.getDeadline();
      boolean late = deadline != null && deadline.isExpired();
      Code code = late ? Code.DEADLINE_EXCEEDED : Code.CANCELLED;
      boolean unused = call.end(Outcome.of(code, null).unsent());
    }
  }

  @Override
  public void onComplete() {
    if (started != null) {
      started.onComplete();
    }
  }
}
