package com.example.traced;

import com.example.greeter.api.GreeterGrpc.GreeterImplBase;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.stub.StreamObserver;

/** Answers; asked by {@code hop} it makes a call of its own first. */
final class Greeter extends GreeterImplBase {

  private final Runnable next;

  Greeter(Runnable next) {
    this.next = next;
  }

  @Override
  public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
    if (request.getName().equals("hop")) {
      next.run();
    }
    replies.onNext(HelloReply.getDefaultInstance());
    replies.onCompleted();
  }

  @Override
  public StreamObserver<HelloRequest> chat(StreamObserver<HelloReply> replies) {
    return new StreamObserver<>() {
      @Override
      public void onNext(HelloRequest request) {
        replies.onNext(HelloReply.getDefaultInstance());
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
}
