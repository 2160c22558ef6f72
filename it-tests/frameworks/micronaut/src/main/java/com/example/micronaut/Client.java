package com.example.micronaut;

import com.example.greeter.api.GreeterGrpc.GreeterStub;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What the test may ask for. */
@Singleton
class Client {

  private final GreeterStub stub;
  private final Seen seen;

  Client(GreeterStub stub, Seen seen) {
    this.stub = stub;
    this.seen = seen;
  }

  String run(String command) throws Exception {
    Replies replies = new Replies();
    switch (command) {
      case "unary":
        patient().sayHello(request("you"), replies);
        return replies.text();
      case "hop":
        patient().sayHello(request("hop"), replies);
        return replies.text();
      case "chat":
        StreamObserver<HelloRequest> requests = patient().chat(replies);
        for (int i = 0; i < 3; i++) {
          requests.onNext(request("you"));
        }
        requests.onCompleted();
        return replies.text();
      case "deadline":
        stub.withDeadlineAfter(2, TimeUnit.SECONDS).sayHello(request("slow"), replies);
        return replies.text() + ", server " + seen.next() + " " + seen.next();
      case "cancel":
        Context.CancellableContext around = Context.current().withCancellation();
        around.run(() -> stub.sayHello(request("slow"), replies));
        String began = seen.next();
        around.cancel(null);
        return replies.text() + ", server " + began + " " + seen.next();
      default:
        throw new IllegalArgumentException(command);
    }
  }

  private GreeterStub patient() {
    return stub.withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private static HelloRequest request(String name) {
    return HelloRequest.newBuilder().setName(name).build();
  }

  /** All replies of a call, or the code of its failure. */
  private static final class Replies implements StreamObserver<HelloReply> {
    private final List<String> texts = new ArrayList<>();
    private final CompletableFuture<String> end = new CompletableFuture<>();

    String text() throws Exception {
      return end.get(30, TimeUnit.SECONDS);
    }

    @Override
    public void onNext(HelloReply reply) {
      texts.add(reply.getMessage() + " by " + reply.getServedBy());
    }

    @Override
    public void onError(Throwable failure) {
      end.complete(Status.fromThrowable(failure).getCode().toString());
    }

    @Override
    public void onCompleted() {
      end.complete(String.join(", ", texts));
    }
  }
}
