package com.example.greeter;

import com.example.greeter.api.GreeterGrpc;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.stub.StreamObserver;

/** Says hello and by whom. Thread-safe: holds nothing but its name. */
final class GreeterService extends GreeterGrpc.GreeterImplBase {

  private final String name;

  GreeterService(String name) {
    this.name = name;
  }

  @Override
  public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
    replies.onNext(reply(request));
    replies.onCompleted();
  }

  @Override
  public StreamObserver<HelloRequest> chat(StreamObserver<HelloReply> replies) {
    return new StreamObserver<HelloRequest>() {
      @Override
      public void onNext(HelloRequest request) {
        replies.onNext(reply(request));
      }

      @Override
      public void onError(Throwable gone) {
        // The caller cancelled; there is nobody left to answer.
      }

      @Override
      public void onCompleted() {
        replies.onCompleted();
      }
    };
  }

  private HelloReply reply(HelloRequest request) {
    return HelloReply.newBuilder()
        .setMessage("Hello, " + request.getName() + "!")
        .setServedBy(name)
        .build();
  }
}
