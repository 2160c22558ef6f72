package io.meshagent.it.programs;

import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.meshagent.it.programs.logs.ProgramLog;
import java.util.List;

/**
 * Has {@code user} in the program's log context while a call is handled, as programs do: {@code of
 * <trace>}, or {@code of nobody} without one.
 */
final class UserOfCall implements ServerInterceptor {

  private final List<ProgramLog> logs;

  UserOfCall(List<ProgramLog> logs) {
    this.logs = logs;
  }

  private void as(String user, Runnable task) {
    logs.forEach(log -> log.put("user", "of " + user));
    try {
      task.run();
    } finally {
      logs.forEach(log -> log.remove("user"));
    }
  }

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    String header = headers.get(OwnTraces.HEADER);
    String user = header == null ? "nobody" : header.split("-", -1)[1];
    as(user, () -> logs.forEach(log -> log.log("in " + user + " interceptor")));
    return new ForwardingServerCallListener.SimpleForwardingServerCallListener<A>(
        next.startCall(call, headers)) {
      @Override
      public void onMessage(A message) {
        as(user, () -> super.onMessage(message));
      }

      @Override
      public void onHalfClose() {
        as(user, super::onHalfClose);
      }

      @Override
      public void onCancel() {
        as(user, super::onCancel);
      }

      @Override
      public void onComplete() {
        as(user, super::onComplete);
      }
    };
  }
}
