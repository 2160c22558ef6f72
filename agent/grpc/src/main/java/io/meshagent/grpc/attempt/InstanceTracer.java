package io.meshagent.grpc.attempt;

import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;

/**
 * One attempt of a call of which nobody wants to know more than how it fares. There is one for
 * every call, so it holds as little as can be. Called by the threads of its stream, closed once, if
 * the stream was started.
 */
public final class InstanceTracer extends ClientStreamTracer {

  private final Destination destination;
  private final Metadata headers;

  /** 0 until its stream is made. */
  private long beganNanos;

  /** Whether its stream may never be started, see {@link AttemptTracer#isRepeated}. */
  private boolean waits;

  private boolean sent;
  private boolean answered;

  InstanceTracer(Destination destination, Metadata headers) {
    this.destination = destination;
    this.headers = headers;
  }

  /** Overrides what came with gRPC 1.40. */
  public void streamCreated(Attributes connection, Metadata sending) {
    created(sending);
  }

  void created(Metadata sending) {
    destination.addCaller(sending);
    waits = AttemptTracer.isRepeated(headers);
    begin();
  }

  private void begin() {
    if (!waits && beganNanos == 0) {
      beganNanos = destination.begin();
    }
  }

  @Override
  public void outboundHeaders() {
    sent = true;
    if (waits) {
      waits = false;
      begin();
    }
  }

  @Override
  public void inboundHeaders() {
    if (beganNanos != 0 && !answered) {
      answered = true;
      destination.answered(beganNanos);
    }
  }

  @Override
  public void streamClosed(Status status) {
    // It may be told later that it has left.
    waits = false;
    if (beganNanos != 0) {
      destination.end(status, headers, sent, answered, beganNanos);
    }
  }
}
