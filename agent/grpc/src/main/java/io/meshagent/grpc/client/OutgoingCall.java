package io.meshagent.grpc.client;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Deadline;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Status;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.KnownChannel;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Survived;
import io.meshagent.core.call.Answer;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.Refusal;
import io.meshagent.grpc.base.MetadataCall;
import io.meshagent.grpc.base.Statuses;
import java.util.concurrent.TimeUnit;

/** A call that the program makes. What its plan says is read when it is made. */
class OutgoingCall extends MetadataCall {

  /** Knows its connection, once it has one. Null until the call starts. */
  private ClientCall<?, ?> asked;

  private final Mesh mesh;
  private boolean waitForReady;
  private boolean ourDeadline;

  OutgoingCall(CallPlan plan, Mesh mesh, Object trace) {
    super(plan, mesh, null);
    this.mesh = mesh;
    traceContext = trace;
  }

  /** What gRPC is to make the call with, before others have added theirs. */
  CallOptions limited(CallOptions options) {
    waitForReady = options.isWaitForReady();
    long timeout = pipeline().timeoutNanos();
    Deadline own = options.getDeadline();
    // The program's own deadline stands if it is the earlier one.
    if (timeout == 0 || (own != null && own.timeRemaining(TimeUnit.NANOSECONDS) <= timeout)) {
      return options;
    }
    ourDeadline = true;
    return options.withDeadlineAfter(timeout, TimeUnit.NANOSECONDS);
  }

  /** The program sends a message. */
  void sends(Object message) {}

  /** The program has sent nothing for so long that nobody waits for it any more. */
  void requestIsLate() {}

  /** Headers of a response are about to be handed on. */
  void headersCame(Metadata headers) {}

  /** A message is about to be handed on. */
  void messageCame(Object message) {}

  /** It has ended, and the stages are asked next. The status is null from an odd interceptor. */
  void closes(Status status, Metadata trailers) {}

  /** The message of a response that a stage has made, an object for this call alone. */
  Object messageOf(Answer answer) {
    return answer.message();
  }

  /** The program starts the call. */
  void starts(ClientCall<?, ?> delegate, Metadata headers) {
    asked = delegate;
    starts(headers);
  }

  /**
   * How it ended, for who judges by it.
   *
   * @param status null from an interceptor of the program's that answers so
   * @param own the call's deadline, null for none; as the inherited one of its context
   * @param shown whether {@link #left} is told
   * @param channel over which it was made
   */
  Outcome outcomeOf(
      Status status,
      Metadata trailers,
      Deadline own,
      Deadline inherited,
      boolean shown,
      KnownChannel channel) {
    if (status == null) {
      return Outcome.of(Code.UNKNOWN, "ended without a status");
    }
    Outcome outcome = Statuses.outcome(status);
    if (status.isOk()) {
      return outcome;
    }
    if (Statuses.isRefused(trailers)) {
      outcome = outcome.passedOn();
    }
    boolean byCircuits = Statuses.isRefusedByCircuits(status);
    if (byCircuits && !Statuses.isRefused(trailers)) {
      return Outcome.of(Refusal.of("breaker", Code.UNAVAILABLE, status.getDescription()));
    }
    if ((waitForReady && shown && !hasLeft()) || Statuses.isRefusedByRoute(status)) {
      outcome = outcome.unsent();
    }
    if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
      return TimeLeft.judged(outcome, this, own, inherited);
    }
    if (status.getCode() == Status.Code.UNIMPLEMENTED && !hasResponded()) {
      unimplemented(channel);
    }
    return outcome;
  }

  /** What a server says that does not know the method. Who did is known only if one was asked. */
  private void unimplemented(KnownChannel channel) {
    try {
      Service service = plan().service();
      if (service == null) {
        return;
      }
      Endpoints used = channel.route(service).used(service.endpoints());
      Instance again = plan().unimplementedBy(used, peer(), mesh.nanoTime());
      if (again != null) {
        mesh.warn(
            again
                + " is registered for a service and answers UNIMPLEMENTED to "
                + plan().method()
                + ", so these calls go to other instances but for one now and then, until it"
                + " answers");
      }
    } catch (Throwable e) {
      Survived.tell(mesh, "an answer of UNIMPLEMENTED", e);
    }
  }

  /** A deadline that the program did not set has to say who did. */
  Status named(Status status, Outcome outcome) {
    return ourDeadline && outcome.isOutOfTime() && !outcome.hadInheritedTime()
        ? status.augmentDescription("mesh-agent: client.timeout of " + plan().method())
        : status;
  }

  @Override
  public boolean hasOurDeadline() {
    return ourDeadline;
  }

  @Override
  public boolean prefersWaiting() {
    return waitForReady;
  }

  @Override
  protected boolean isKeepable() {
    return true;
  }

  @Override
  public Object peer() {
    // Null from a call of the program's own that comes to no connection.
    Attributes attributes = asked == null ? null : asked.getAttributes();
    return attributes == null ? null : attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
  }
}
