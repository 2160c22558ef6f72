package io.meshagent.grpc.server;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ForwardingServerCallListener;
import io.grpc.ServerCall;
import io.meshagent.core.api.Code;
import io.meshagent.core.call.Call;

/**
 * Ends a server call when gRPC says that it is over: that comes exactly once, as complete or as
 * cancel, for whatever reason. Runs the program's callbacks in the call's context.
 */
final class GovernedServerListener<A>
    extends ForwardingServerCallListener.SimpleForwardingServerCallListener<A> {

  private final Call call;
  private final GovernedServerCall<?, ?> seen;
  private final Context context;

  /**
   * @param context the context to run in, or null for the one that gRPC has attached
   */
  GovernedServerListener(
      ServerCall.Listener<A> delegate, Call call, GovernedServerCall<?, ?> seen, Context context) {
    super(delegate);
    this.call = call;
    this.seen = seen;
    this.context = context;
  }

  @Override
  public void onMessage(A message) {
    Context previous = enter();
    try {
      super.onMessage(message);
    } catch (RuntimeException | Error e) {
      seen.threw(e);
      throw e;
    } finally {
      leave(previous);
    }
  }

  @Override
  public void onHalfClose() {
    Context previous = enter();
    try {
      super.onHalfClose();
    } catch (RuntimeException | Error e) {
      seen.threw(e);
      throw e;
    } finally {
      leave(previous);
    }
  }

  @Override
  public void onReady() {
    Context previous = enter();
    try {
      super.onReady();
    } catch (RuntimeException | Error e) {
      seen.threw(e);
      throw e;
    } finally {
      leave(previous);
    }
  }

  @Override
  public void onComplete() {
    call.end(seen.outcome());
    Context previous = enter();
    try {
      super.onComplete();
    } finally {
      leave(previous);
    }
  }

  @Override
  public void onCancel() {
    Deadline deadline = Context.current().getDeadline();
    boolean late = deadline != null && deadline.isExpired();
    call.end(late ? Code.DEADLINE_EXCEEDED : Code.CANCELLED, null);
    Context previous = enter();
    try {
      super.onCancel();
    } finally {
      leave(previous);
    }
  }

  private Context enter() {
    return context == null ? null : context.attach();
  }

  private void leave(Context previous) {
    if (context != null) {
      context.detach(previous);
    }
  }
}
