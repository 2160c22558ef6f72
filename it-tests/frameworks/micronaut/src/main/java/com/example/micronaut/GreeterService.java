package com.example.micronaut;

import com.example.greeter.api.GreeterGrpc.GreeterImplBase;
import com.example.greeter.api.GreeterGrpc.GreeterStub;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import io.micronaut.core.propagation.PropagatedContext;
import jakarta.inject.Singleton;

/**
 * Answers with what it knows of the call: the interceptors that it passed, its deadline, and what
 * an interceptor left in the framework's own context. {@code hop} calls the client's greeter on the
 * way, {@code slow} never answers.
 */
@Singleton
class GreeterService extends GreeterImplBase {

  private final GreeterStub next;
  private final Seen seen;

  GreeterService(GreeterStub next, Seen seen) {
    this.next = next;
    this.seen = seen;
  }

  @Override
  public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
    switch (request.getName()) {
      case "slow" -> {
        Context.current().addListener(context -> seen.add("cancelled"), Runnable::run);
        seen.add("began");
      }
      case "hop" -> next.sayHello(request.toBuilder().setName("you").build(), replies);
      default -> {
        replies.onNext(reply());
        replies.onCompleted();
      }
    }
  }

  @Override
  public StreamObserver<HelloRequest> chat(StreamObserver<HelloReply> replies) {
    return new StreamObserver<>() {
      @Override
      public void onNext(HelloRequest request) {
        replies.onNext(reply());
      }

      @Override
      public void onError(Throwable gone) {
        // Nobody is left to answer.
      }

      @Override
      public void onCompleted() {
        replies.onCompleted();
      }
    };
  }

  private static HelloReply reply() {
    String message =
        Trail.PASSED.get()
            + ", deadline "
            + (Context.current().getDeadline() != null)
            + ", context "
            + PropagatedContext.getOrEmpty()
                .find(Trail.Note.class)
                .map(Trail.Note::text)
                .orElse("");
    return HelloReply.newBuilder().setMessage(message).setServedBy("micronaut").build();
  }
}
