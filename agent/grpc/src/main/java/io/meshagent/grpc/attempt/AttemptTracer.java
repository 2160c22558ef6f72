package io.meshagent.grpc.attempt;

import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Instance;
import io.meshagent.core.call.CallPlan;
import io.meshagent.grpc.base.MetadataCall;

/**
 * One attempt: it knows its call, which of the call's attempts it is, and the instance that it goes
 * to. gRPC calls it on the threads of the stream, closes it once if that was started, and tells it
 * that headers were written only of an attempt that left. A picker is asked with it, on other
 * threads, before its stream is made.
 */
public class AttemptTracer extends ClientStreamTracer implements Attempt {

  private static final Metadata.Key<String> PREVIOUS =
      Metadata.Key.of("grpc-previous-rpc-attempts", Metadata.ASCII_STRING_MARSHALLER);

  private final AttemptTracers tracers;
  private final Metadata headers;

  /** The attempt of the same call that came before this one, or null. */
  private final AttemptTracer before;

  /** Volatile: set by picks, the last of which counts; read by picks for other attempts. */
  private volatile Destination destination;

  /** Volatile: set by the stream's threads, read by picks. */
  private volatile boolean closed;

  /** 0 until its stream is made. Written under this, before what tells other threads of it. */
  private long beganNanos;

  /** Guarded by this. Whether it counts no more. */
  private boolean over;

  /** Whether its stream may never be started, see {@link #isRepeated}. */
  private boolean waits;

  /** Whether the trace's header is written after {@link #created}, and is there when it left. */
  private boolean writtenLater;

  private boolean taken;
  private boolean sent;
  private boolean answered;

  AttemptTracer(AttemptTracers tracers, Metadata headers, AttemptTracer before) {
    this.tracers = tracers;
    this.headers = headers;
    this.before = before;
  }

  AttemptTracer before() {
    return before;
  }

  /** Whether it has these headers, and may still be picked for. */
  @SuppressWarnings("ReferenceEquality") // Equal ones are another attempt's.
  boolean isOpen(Metadata others) {
    return headers == others && !closed;
  }

  /** Whether it is not the tracer of a stream yet. Guarded by its factory. */
  boolean take() {
    boolean free = !taken;
    taken = true;
    return free;
  }

  /**
   * It was picked for: that is where it goes, unless it waits and is picked for again. Null for
   * where it went without us.
   */
  public void goesTo(Destination picked) {
    destination = picked;
  }

  /** Whether it has a stream already: a program may start two calls with one object. */
  boolean hasBegun() {
    return beganNanos != 0;
  }

  @Override
  public String method() {
    CallPlan plan = tracers.plan();
    return plan == null ? "" : plan.method();
  }

  @Override
  public String header(String name) {
    String own = MetadataCall.allOf(headers, name);
    MetadataCall call = own == null ? tracers.call() : null;
    return call == null ? own : call.carried(name);
  }

  @Override
  public double chance() {
    return tracers.chance();
  }

  @Override
  public int number() {
    return number(headers);
  }

  /** By the header that gRPC gives each attempt but the first, in all versions. */
  public static int number(Metadata headers) {
    String previous = headers.get(PREVIOUS);
    try {
      return previous == null ? 0 : Integer.parseInt(previous);
    } catch (NumberFormatException e) {
      // The program's own: gRPC writes numbers.
      return 0;
    }
  }

  @Override
  public boolean hasTried(Instance instance) {
    for (AttemptTracer some = before; some != null; some = some.before) {
      Destination to = some.destination;
      if (to != null && to.isAt(instance)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean hasTriedAny() {
    for (AttemptTracer some = before; some != null; some = some.before) {
      if (some.destination != null) {
        return true;
      }
    }
    return false;
  }

  /** Overrides what came with gRPC 1.40. The headers may be changed still. */
  public void streamCreated(Attributes connection, Metadata sending) {
    created(sending);
  }

  void created(Metadata sending) {
    writtenLater = tracers.isShown() && tracers.isFollowedByPlugin();
    if (tracers.isShown() && !writtenLater) {
      tracers.call().sending(sending);
    }
    Destination to = destination;
    MetadataCall call = to == null ? null : tracers.call();
    if (call != null) {
      call.handOnBaggage(sending);
    }
    if (to != null) {
      to.addCaller(sending);
    }
    waits = isRepeated(headers);
    if (!waits) {
      begin();
      began(false);
    }
  }

  /**
   * It is under way, whoever it goes to; told once. For who measures it, as the next.
   *
   * @param hasWaited whether it was made before it was to leave
   */
  void began(boolean hasWaited) {}

  /** It is over, whether it was under way or not; told once. */
  void ended(Status status) {}

  /** Whether gRPC has made a stream with it, which has left if it was to wait before. */
  boolean isUnderWay() {
    return taken && (sent || !isRepeated(headers));
  }

  /** Whether it was made and nobody has said that it is over. */
  boolean isRunning() {
    return taken && !closed;
  }

  private synchronized void begin() {
    Destination to = destination;
    if (to != null && beganNanos == 0 && !over) {
      beganNanos = to.begin();
    }
  }

  /** Whether nobody has said yet that it is over; from now on it is. */
  private synchronized boolean end() {
    boolean first = !over;
    over = true;
    return first;
  }

  /**
   * Whether it is a retry or a hedge. gRPC from 1.52 on makes the stream of one before the pause
   * that it waits, and where the call ends in the pause nobody starts it, nor closes it: such a one
   * is under way from the moment in which it leaves. So the pause is not taken for its instance's
   * latency either.
   */
  static boolean isRepeated(Metadata headers) {
    return headers.containsKey(PREVIOUS);
  }

  @Override
  public void outboundHeaders() {
    sent = true;
    if (waits) {
      waits = false;
      begin();
      began(true);
    }
    MetadataCall call = tracers.call();
    if (call != null) {
      if (writtenLater) {
        writtenLater = false;
        call.sending(headers);
      }
      call.left();
    }
  }

  @Override
  public void inboundHeaders() {
    Destination to = destination;
    if (beganNanos != 0 && !answered && to != null) {
      answered = true;
      to.answered(beganNanos);
    }
  }

  @Override
  public void streamClosed(Status status) {
    closed = true;
    over(status);
  }

  private void over(Status status) {
    if (!end()) {
      return;
    }
    Destination to = destination;
    if (beganNanos != 0 && to != null) {
      to.end(status, headers, sent, answered, beganNanos);
    }
    ended(status);
  }

  /**
   * Its call is over. gRPC tells nothing more of a stream that was made for a call which waited and
   * was cancelled in that moment: it drops it.
   */
  void callEnded() {
    if (!closed && !sent) {
      over(Status.CANCELLED);
    }
  }
}
