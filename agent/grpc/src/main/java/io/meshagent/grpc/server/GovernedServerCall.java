package io.meshagent.grpc.server;

import io.grpc.ForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.meshagent.grpc.base.Statuses;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Remembers the status that the program closed a call with; all else is the call's own. */
final class GovernedServerCall<A, B> extends ForwardingServerCall.SimpleForwardingServerCall<A, B> {

  /** Null before gRPC 1.47. */
  private static final MethodHandle SECURITY_LEVEL = securityLevel();

  /** Volatile: a handler may close on any thread, the listener reads on gRPC's. */
  private volatile Status closedWith;

  GovernedServerCall(ServerCall<A, B> delegate) {
    super(delegate);
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

  /** gRPC refuses the second close, so it is the first that counts. */
  @Override
  public void close(Status status, Metadata trailers) {
    if (closedWith == null) {
      closedWith = status;
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
      closedWith = Status.UNKNOWN.withDescription(String.valueOf(cause));
    }
  }

  /** The status, or null if the call was not closed by the program. */
  Status closedWith() {
    return closedWith;
  }
}
