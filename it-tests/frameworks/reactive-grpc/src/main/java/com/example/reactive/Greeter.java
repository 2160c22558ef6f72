package com.example.reactive;

import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import com.example.greeter.api.ReactorGreeterGrpc.GreeterImplBase;
import com.example.greeter.api.ReactorGreeterGrpc.ReactorGreeterStub;
import io.grpc.Context;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Answers with what it knows of the call: the interceptors that it passed and whether it has a
 * deadline. {@code hop} calls the greeter of another stub on the way, {@code slow} never answers.
 */
final class Greeter extends GreeterImplBase {

  private final ReactorGreeterStub next;
  private final BlockingQueue<String> slow = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> chats = new LinkedBlockingQueue<>();

  Greeter(ReactorGreeterStub next) {
    this.next = next;
  }

  /** What slow calls saw: that they began, then how they ended. */
  String slow() throws InterruptedException {
    return slow.poll(20, TimeUnit.SECONDS);
  }

  /** How a chat ended. */
  String chat() throws InterruptedException {
    return chats.poll(20, TimeUnit.SECONDS);
  }

  @Override
  public Mono<HelloReply> sayHello(Mono<HelloRequest> requests) {
    return requests.flatMap(
        request ->
            switch (request.getName()) {
              case "slow" ->
                  Mono.<HelloReply>never()
                      .doOnSubscribe(s -> slow.add("began"))
                      .doOnCancel(() -> slow.add("cancelled"));
              case "hop" -> next.sayHello(request.toBuilder().setName("you").build());
              default -> Mono.just(reply());
            });
  }

  @Override
  public Flux<HelloReply> chat(Flux<HelloRequest> requests) {
    return requests
        .map(request -> request.getName().length() > 100 ? echo(request) : reply())
        .doOnCancel(() -> chats.add("cancelled"));
  }

  private static HelloReply echo(HelloRequest request) {
    return HelloReply.newBuilder().setMessage(request.getName()).build();
  }

  private static HelloReply reply() {
    boolean deadline = Context.current().getDeadline() != null;
    return HelloReply.newBuilder()
        .setMessage(Trail.PASSED.get() + ", deadline " + deadline)
        .setServedBy("reactive")
        .build();
  }
}
