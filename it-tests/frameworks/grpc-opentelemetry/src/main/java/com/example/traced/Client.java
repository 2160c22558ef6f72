package com.example.traced;

import com.example.greeter.api.GreeterGrpc;
import com.example.greeter.api.GreeterGrpc.GreeterBlockingStub;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Makes calls within a span of the program's, and says what came of its trace. */
final class Client {

  /** Of one call: the program's span, the call, its attempt and the server's. */
  private static final int SPANS_OF_CALL = 4;

  /** Those, and of the second call the call, its attempt and the server's. */
  private static final int SPANS_OF_TWO = 7;

  private final ManagedChannel channel;
  private final GreeterBlockingStub stub;
  private final Tracer tracer;
  private final Ended ended;
  private final Headers headers;

  Client(ManagedChannel channel, Tracer tracer, Ended ended, Headers headers) {
    this.channel = channel;
    this.stub = GreeterGrpc.newBlockingStub(channel);
    this.tracer = tracer;
    this.ended = ended;
    this.headers = headers;
  }

  String run(String command) throws Exception {
    headers.forget();
    Span span = tracer.spanBuilder("program").startSpan();
    try (Scope unused = span.makeCurrent()) {
      switch (command) {
        case "unary":
        case "hop":
          say(command);
          break;
        case "chat":
          chat();
          break;
        default:
          throw new IllegalArgumentException(command);
      }
    } finally {
      span.end();
    }
    String trace = span.getSpanContext().getTraceId();
    int due = command.equals("hop") ? SPANS_OF_TWO : SPANS_OF_CALL;
    return String.join(" ", ended.tree(trace, due)) + ", " + headers.of(trace);
  }

  /** The call that a handler makes. */
  void next() {
    say("unary");
  }

  private void say(String name) {
    HelloReply unused =
        stub.withDeadlineAfter(20, TimeUnit.SECONDS)
            .sayHello(HelloRequest.newBuilder().setName(name).build());
  }

  private void chat() throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    StreamObserver<HelloRequest> requests =
        GreeterGrpc.newStub(channel)
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .chat(
                new StreamObserver<>() {
                  @Override
                  public void onNext(HelloReply reply) {
                    // The end counts.
                  }

                  @Override
                  public void onError(Throwable failure) {
                    done.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {
                    done.complete(null);
                  }
                });
    for (int i = 0; i < 3; i++) {
      requests.onNext(HelloRequest.getDefaultInstance());
    }
    requests.onCompleted();
    done.get(20, TimeUnit.SECONDS);
  }
}
