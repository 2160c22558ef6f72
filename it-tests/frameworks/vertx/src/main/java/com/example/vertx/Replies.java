package com.example.vertx;

import com.example.greeter.api.HelloReply;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** All replies of a call, or the code of its failure. */
final class Replies implements StreamObserver<HelloReply> {

  private final List<String> texts = new ArrayList<>();
  private final CompletableFuture<String> end = new CompletableFuture<>();

  String text() throws Exception {
    return end.get(30, TimeUnit.SECONDS);
  }

  @Override
  public void onNext(HelloReply reply) {
    texts.add(reply.getServedBy());
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
