package com.example.springs;

import com.example.greeter.api.GreeterGrpc;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.stub.StreamObserver;

/** The greeter: replies with the trail of the call; {@code sleep:<ms>} takes its time. */
public class Greeter extends GreeterGrpc.GreeterImplBase {

  private final String name;

  protected Greeter(String name) {
    this.name = name;
  }

  @Override
  public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
    if (request.getName().startsWith("sleep:")) {
      try {
        Thread.sleep(Long.parseLong(request.getName().substring("sleep:".length())));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    String trail = String.valueOf(Trail.ofThisCall());
    replies.onNext(HelloReply.newBuilder().setServedBy(name).setMessage(trail).build());
    replies.onCompleted();
  }
}
