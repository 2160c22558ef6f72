package io.meshagent.it.programs;

import com.example.greeter.api.GreeterGrpc;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.meshagent.it.programs.logs.ProgramLog;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Logs each step of what a request wishes, {@code <wish> <trace>}: {@code throw}; {@code ask}, by
 * which it asks itself and answers when that has answered; {@code later}, by which it goes on on a
 * thread of its own pool, in each way that gRPC's context has for that; {@code overwrite} and
 * {@code clear}, which it does to the log context; anything else is answered at once.
 */
final class LoggingGreeter extends GreeterGrpc.GreeterImplBase {

  private final List<ProgramLog> logs;
  private final Supplier<Channel> back;
  private final Executor pool;

  /**
   * @param back to this server
   * @param pool what goes on later goes on there
   */
  LoggingGreeter(List<ProgramLog> logs, Supplier<Channel> back, Executor pool) {
    this.logs = logs;
    this.back = back;
    this.pool = pool;
  }

  private void log(String trace, String what) {
    logs.forEach(log -> log.log("in " + trace + " " + what));
  }

  @Override
  public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
    String[] words = request.getName().split(" ", -1);
    log(words[1], words[0]);
    switch (words[0]) {
      case "throw":
        throw new IllegalStateException("as wished");
      case "ask":
        ask(words[1], replies);
        return;
      case "later":
        later(words[1], replies);
        return;
      case "overwrite":
        logs.forEach(log -> log.put("trace_id", "mine"));
        break;
      case "clear":
        logs.forEach(ProgramLog::clear);
        break;
      default:
    }
    replies.onNext(HelloReply.getDefaultInstance());
    replies.onCompleted();
  }

  /** By {@code wrap}, by an executor and by {@code run}, one after the other. */
  private void later(String trace, StreamObserver<HelloReply> replies) {
    Context context = Context.current();
    Runnable last =
        () ->
            context.run(
                () -> {
                  log(trace, "run");
                  replies.onNext(HelloReply.getDefaultInstance());
                  replies.onCompleted();
                });
    Callable<Void> second =
        context.wrap(
            () -> {
              log(trace, "called");
              return null;
            });
    Context.currentContextExecutor(pool)
        .execute(
            () -> {
              log(trace, "wrapped");
              pool.execute(
                  () -> {
                    try {
                      second.call();
                    } catch (Exception e) {
                      throw new IllegalStateException(e);
                    }
                    pool.execute(last);
                  });
            });
  }

  private void ask(String trace, StreamObserver<HelloReply> replies) {
    ClientCalls.asyncUnaryCall(
        back.get().newCall(Named.sayHello(Named.GREETER), CallOptions.DEFAULT),
        HelloRequest.newBuilder().setName("plain " + trace).build(),
        new StreamObserver<HelloReply>() {
          @Override
          public void onNext(HelloReply reply) {
            log(trace, "answered");
            replies.onNext(reply);
          }

          @Override
          public void onError(Throwable cause) {
            log(trace, "failed");
            replies.onError(cause);
          }

          @Override
          public void onCompleted() {
            log(trace, "completed");
            replies.onCompleted();
          }
        });
  }

  @Override
  public StreamObserver<HelloRequest> chat(StreamObserver<HelloReply> replies) {
    return new StreamObserver<HelloRequest>() {
      private String trace;

      @Override
      public void onNext(HelloRequest request) {
        trace = request.getName().split(" ", -1)[1];
        log(trace, "message");
        replies.onNext(HelloReply.getDefaultInstance());
      }

      @Override
      public void onError(Throwable cause) {
        log(trace, "cancelled");
      }

      @Override
      public void onCompleted() {
        log(trace, "completed");
        replies.onCompleted();
      }
    };
  }
}
