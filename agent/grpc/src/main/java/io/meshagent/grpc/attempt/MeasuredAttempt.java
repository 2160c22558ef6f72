package io.meshagent.grpc.attempt;

import io.grpc.Metadata;
import io.grpc.Status;
import io.meshagent.core.call.Attempts;
import io.meshagent.grpc.base.MetadataCall;
import io.meshagent.grpc.base.Statuses;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * An attempt of which more is wanted than how it fares: its time, with what it took to find an
 * instance, and the bytes of its messages. Told by its stream's threads, of which one sends and
 * another receives.
 */
final class MeasuredAttempt extends AttemptTracer {

  private static final AtomicLongFieldUpdater<MeasuredAttempt> SENT =
      AtomicLongFieldUpdater.newUpdater(MeasuredAttempt.class, "sentBytes");
  private static final AtomicLongFieldUpdater<MeasuredAttempt> RECEIVED =
      AtomicLongFieldUpdater.newUpdater(MeasuredAttempt.class, "receivedBytes");

  private final MetadataCall call;

  /** Volatile: written by the threads that send, read by who ends it; as the next. */
  private volatile long sentBytes;

  private volatile long receivedBytes;

  /** Guarded by this. Of a retry not with the pause that it waits. */
  private long sinceNanos;

  /** Guarded by this. */
  private boolean counted;

  /** Guarded by this: its call may end in the moment in which it leaves. */
  private boolean done;

  MeasuredAttempt(AttemptTracers tracers, MetadataCall call, Metadata headers, AttemptTracer last) {
    super(tracers, headers, last);
    this.call = call;
    this.sinceNanos = Attempts.now(call);
  }

  @Override
  void began(boolean hasWaited) {
    synchronized (this) {
      if (counted || done) {
        return;
      }
      counted = true;
      sinceNanos = hasWaited ? Attempts.now(call) : sinceNanos;
    }
    Attempts.began(call);
  }

  @Override
  void ended(Status status) {
    long since;
    synchronized (this) {
      done = true;
      if (!counted) {
        return;
      }
      since = sinceNanos;
    }
    Attempts.ended(call, Statuses.code(status), since, sentBytes, receivedBytes);
  }

  @Override
  public void outboundWireSize(long bytes) {
    SENT.addAndGet(this, bytes);
  }

  @Override
  public void inboundWireSize(long bytes) {
    RECEIVED.addAndGet(this, bytes);
  }
}
