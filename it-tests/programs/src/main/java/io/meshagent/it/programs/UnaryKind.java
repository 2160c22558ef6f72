package io.meshagent.it.programs;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/** The ways in which a program makes a call that has one response; each waits for it. Stateless. */
final class UnaryKind {

  private UnaryKind() {}

  /**
   * By a stub of that kind: blocking, future, async, or with no stub at all, when it is ready;
   * {@code collect} sends the request three times.
   */
  static <A, B> B call(
      String kind, Channel channel, MethodDescriptor<A, B> method, CallOptions options, A request) {
    switch (kind) {
      case "future":
        return join(ClientCalls.futureUnaryCall(channel.newCall(method, options), request));
      case "async":
        CompletableFuture<B> reply = new CompletableFuture<>();
        ClientCalls.asyncUnaryCall(channel.newCall(method, options), request, observer(reply));
        return join(reply);
      case "collect":
        CompletableFuture<B> collected = new CompletableFuture<>();
        StreamObserver<A> requests =
            ClientCalls.asyncClientStreamingCall(
                channel.newCall(method, options), observer(collected));
        requests.onNext(request);
        requests.onNext(request);
        requests.onNext(request);
        requests.onCompleted();
        return join(collected);
      case "raw":
        return join(raw(channel.newCall(method, options), request));
      default:
        return ClientCalls.blockingUnaryCall(channel, method, options, request);
    }
  }

  private static <B> B join(Future<B> reply) {
    try {
      return reply.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.withCause(e).asRuntimeException();
    } catch (ExecutionException e) {
      throw Status.fromThrowable(e).asRuntimeException();
    }
  }

  private static <B> StreamObserver<B> observer(CompletableFuture<B> reply) {
    return new StreamObserver<B>() {
      private B last;

      @Override
      public void onNext(B value) {
        last = value;
      }

      @Override
      public void onError(Throwable failure) {
        reply.completeExceptionally(Status.fromThrowable(failure).asRuntimeException());
      }

      @Override
      public void onCompleted() {
        reply.complete(last);
      }
    };
  }

  /** Sends its message when gRPC says that the call is ready, and not before. */
  private static <A, B> CompletableFuture<B> raw(ClientCall<A, B> call, A request) {
    CompletableFuture<B> reply = new CompletableFuture<>();
    StreamObserver<B> to = observer(reply);
    call.start(
        new ClientCall.Listener<B>() {
          @Override
          public void onMessage(B message) {
            to.onNext(message);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            if (status.isOk()) {
              to.onCompleted();
            } else {
              to.onError(status.asRuntimeException());
            }
          }
        },
        new Metadata());
    call.request(2);
    while (!call.isReady() && !reply.isDone()) {
      LockSupport.parkNanos(1_000_000);
    }
    call.sendMessage(request);
    call.halfClose();
    return reply;
  }
}
