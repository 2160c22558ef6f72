package io.meshagent.grpc.bytes;

import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.meshagent.core.call.Attempts;
import io.meshagent.core.call.CallPlan;
import io.meshagent.grpc.base.Statuses;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * Adds up the bytes of one call's messages on a server. A call of a method that is not there is
 * never told of, since nothing says which it is. Told by its stream's threads, of which one sends
 * and another receives.
 */
final class MeasuredCall extends ServerStreamTracer {

  private static final AtomicLongFieldUpdater<MeasuredCall> SENT =
      AtomicLongFieldUpdater.newUpdater(MeasuredCall.class, "sentBytes");
  private static final AtomicLongFieldUpdater<MeasuredCall> RECEIVED =
      AtomicLongFieldUpdater.newUpdater(MeasuredCall.class, "receivedBytes");

  private final MeasuredCalls calls;

  /** Volatile: written by the threads that send, read by who ends it; as the next. */
  private volatile long sentBytes;

  private volatile long receivedBytes;

  /** Guarded by this. Null until its method is found, or for a call that is none of ours. */
  private CallPlan plan;

  /** Guarded by this: a call may be cancelled before its method is found. Null until the end. */
  private Status end;

  MeasuredCall(MeasuredCalls calls) {
    this.calls = calls;
  }

  @Override
  public void serverCallStarted(ServerCallInfo<?, ?> call) {
    CallPlan found = calls.plan(call);
    Status over;
    synchronized (this) {
      plan = found;
      over = end;
    }
    tell(found, over);
  }

  @Override
  public void streamClosed(Status status) {
    CallPlan found;
    synchronized (this) {
      end = status;
      found = plan;
    }
    tell(found, status);
  }

  /** Whichever of the two comes last has both. */
  private void tell(CallPlan found, Status over) {
    if (found != null && over != null) {
      Attempts.served(found, calls.agent(), Statuses.code(over), sentBytes, receivedBytes);
    }
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
