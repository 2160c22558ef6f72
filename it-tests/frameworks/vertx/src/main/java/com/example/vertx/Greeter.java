package com.example.vertx;

import com.example.greeter.api.GreeterGrpc.GreeterImplBase;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.stub.StreamObserver;

/** Says who answers; {@code slow} never does. */
final class Greeter extends GreeterImplBase {

  @Override
  public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
    if (!request.getName().equals("slow")) {
      replies.onNext(reply());
      replies.onCompleted();
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
    return HelloReply.newBuilder().setServedBy("vertx").build();
  }
}
