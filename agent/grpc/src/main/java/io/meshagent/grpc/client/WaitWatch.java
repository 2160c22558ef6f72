package io.meshagent.grpc.client;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;

/**
 * Sees what ends the wait of a call that gRPC does not know yet: its deadline, its context, its
 * channel. Costs a call that waits for its message alone no more than a timer. Thread-safe.
 */
final class WaitWatch implements Context.CancellationListener {

  /** So long a call waits for its message, which stubs send at once. */
  private static final long LONGEST_FOR_REQUEST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final GovernedCall<?, ?> of;
  private final OutgoingCall call;
  private final DelayedStart<?> start;
  private final Runnable channelEnded;

  /** Volatile: by whoever asks the stages, one at a time, and read by who ends the call. */
  private volatile boolean watching;

  /** Volatile as that, and the next. */
  private volatile Runnable cancelDeadline = () -> {};

  private volatile Runnable cancelRequest = () -> {};

  WaitWatch(GovernedCall<?, ?> of, OutgoingCall call, DelayedStart<?> start) {
    this.of = of;
    this.call = call;
    this.start = start;
    this.channelEnded = start::channelEnded;
  }

  /**
   * Waits for the message, which comes soon; or the call goes on without, and what would end it is
   * gRPC's affair.
   */
  void awaitRequest() {
    Deadline deadline = of.deadline();
    long left = deadline == null ? Long.MAX_VALUE : deadline.timeRemaining(TimeUnit.NANOSECONDS);
    cancelRequest =
        call.after(
            Math.max(0, Math.min(left, LONGEST_FOR_REQUEST_NANOS)),
            () -> {
              call.requestIsLate();
              start.run();
            });
  }

  /** Waits for something else, which may take long. */
  void begin() {
    cancelRequest.run();
    if (watching) {
      return;
    }
    watching = true;
    Deadline deadline = of.deadline();
    if (deadline != null) {
      long left = Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS));
      cancelDeadline = call.after(left, start::outOfTime);
    }
    of.channel().shutdown().add(channelEnded);
    of.context().addListener(this, Runnable::run);
    if (start.isDecided()) {
      // By one of those, before all were there.
      stop();
    }
  }

  void stop() {
    cancelRequest.run();
    if (watching) {
      of.context().removeListener(this);
      of.channel().shutdown().remove(channelEnded);
      cancelDeadline.run();
    }
  }

  @Override
  public void cancelled(Context cancelled) {
    Deadline inherited = cancelled.getDeadline();
    if (inherited != null && inherited.isExpired()) {
      start.outOfTime();
    } else {
      start.contextCancelled(
          Status.CANCELLED
              .withDescription("the context was cancelled")
              .withCause(cancelled.cancellationCause()));
    }
  }
}
