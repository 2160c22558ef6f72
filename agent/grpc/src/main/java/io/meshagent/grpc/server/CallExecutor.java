package io.meshagent.grpc.server;

import io.grpc.ServerCall;
import io.meshagent.grpc.base.GrpcInternals;
import java.lang.reflect.Method;
import java.util.concurrent.Executor;

/**
 * Finds where gRPC delivers the events of a server's call, one after the other: who starts a call
 * later than gRPC does has to do it there, or two events of one call could come at once. gRPC keeps
 * it private, in fields that have been the same since 1.22, and that are looked for only when a
 * call has to wait. Stateless.
 */
final class CallExecutor {

  /** gRPC's own for servers without an executor. Not thread-safe. */
  private static final String DIRECT = "SerializeReentrantCallsDirectExecutor";

  private CallExecutor() {}

  /** Null if it can't be found: then the call must not wait. */
  static Executor of(ServerCall<?, ?> call) {
    Object stream = GrpcInternals.field(call, "stream");
    Object state = GrpcInternals.call(stream, "transportState");
    Object listener = GrpcInternals.field(state, "listener");
    Object executor = GrpcInternals.field(listener, "callExecutor");
    if (!(executor instanceof Executor)) {
      return null;
    }
    Executor found = (Executor) executor;
    return found.getClass().getSimpleName().equals(DIRECT) ? onTransport(state, found) : found;
  }

  /** Such a call's events come on the connection's own thread. */
  private static Executor onTransport(Object state, Executor direct) {
    Method method = GrpcInternals.method(state, "runOnTransportThread", Runnable.class);
    if (method == null) {
      return null;
    }
    return task -> {
      try {
        Object unused = method.invoke(state, (Runnable) () -> direct.execute(task));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("the connection's thread takes no task", e);
      }
    };
  }
}
