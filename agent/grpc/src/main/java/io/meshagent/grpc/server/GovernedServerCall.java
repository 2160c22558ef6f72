package io.meshagent.grpc.server;

import io.grpc.ForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.meshagent.core.api.Code;
import io.meshagent.core.call.Outcome;
import io.meshagent.grpc.base.Statuses;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Remembers how the program closed a call, and lets the stages put something in its place; all else
 * is the call's own.
 */
final class GovernedServerCall<A, B> extends ForwardingServerCall.SimpleForwardingServerCall<A, B> {

  /** Null before gRPC 1.47. */
  private static final MethodHandle SECURITY_LEVEL = securityLevel();

  private final IncomingCall call;

  /** Volatile: a handler may close on any thread, the listener reads on gRPC's. */
  private volatile Outcome closedWith;

  GovernedServerCall(ServerCall<A, B> delegate, IncomingCall call) {
    super(delegate);
    this.call = call;
  }

  private static MethodHandle securityLevel() {
    try {
      return MethodHandles.publicLookup()
          .findVirtual(
              ServerCall.class, "getSecurityLevel", MethodType.methodType(SecurityLevel.class));
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  @Override
  public void sendHeaders(Metadata headers) {
    call.delivered();
    super.sendHeaders(headers);
  }

  /** gRPC refuses the second close, so it is the first that counts. */
  @Override
  public void close(Status status, Metadata trailers) {
    if (status != null && closedWith == null) {
      Outcome own = Statuses.outcome(status);
      Outcome told = call.closing(own);
      closedWith = told;
      if (told != own) {
        ServerCalls.respond(delegate(), told);
        return;
      }
    }
    if (status != null && !status.isOk()) {
      Statuses.markPassedOn(status, trailers);
    }
    super.close(status, trailers);
  }

  /**
   * Overrides what came with gRPC 1.47, because its forwarding call forwards this only from 1.54 on
   * and says NONE of every connection until then.
   */
  public SecurityLevel getSecurityLevel() {
    try {
      return SECURITY_LEVEL == null
          ? SecurityLevel.NONE
          : (SecurityLevel) SECURITY_LEVEL.invoke(delegate());
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** A program that logs its calls sees what it saw before. */
  @Override
  public String toString() {
    return delegate().toString();
  }

  /** gRPC closes with UNKNOWN when a callback of the program throws. */
  void threw(Throwable cause) {
    if (closedWith == null) {
      closedWith = Outcome.of(Code.UNKNOWN, String.valueOf(cause));
    }
  }

  /** How the call was closed; well, as far as one knows, if the program has not done it. */
  Outcome outcome() {
    Outcome known = closedWith;
    return known == null ? Outcome.OK : known;
  }
}
