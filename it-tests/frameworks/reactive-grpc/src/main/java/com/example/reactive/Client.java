package com.example.reactive;

import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import com.example.greeter.api.ReactorGreeterGrpc.ReactorGreeterStub;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the test may ask for. */
final class Client {

  /** More than fits into all buffers on the way, which is some thousand. */
  private static final int MANY = 6_000;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ReactorGreeterStub stub;
  private final Greeter greeter;

  Client(ReactorGreeterStub stub, Greeter greeter) {
    this.stub = stub;
    this.greeter = greeter;
  }

  String run(String command) throws Exception {
    return switch (command) {
      case "unary" -> text(patient().sayHello(request("you")).block());
      case "hop" -> text(patient().sayHello(request("hop")).block());
      case "chat" ->
          patient()
              .chat(Flux.range(0, 3).map(i -> request("you")))
              .map(Client::text)
              .collect(Collectors.joining(", "))
              .block();
      case "pressure" -> pressure();
      case "deadline" -> {
        Status.Code code = failure(stub.withDeadlineAfter(2, TimeUnit.SECONDS));
        yield code + ", server " + greeter.slow() + " " + greeter.slow();
      }
      case "cancel" -> cancel();
      default -> throw new IllegalArgumentException(command);
    };
  }

  private ReactorGreeterStub patient() {
    return stub.withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** Wants ten replies and no more for now: those who make requests have to stop, then go on. */
  private String pressure() throws InterruptedException {
    AtomicLong made = new AtomicLong();
    CountDownLatch ten = new CountDownLatch(10);
    CountDownLatch all = new CountDownLatch(MANY);
    BaseSubscriber<HelloReply> slow =
        new BaseSubscriber<>() {
          @Override
          protected void hookOnSubscribe(Subscription subscription) {
            request(10);
          }

          @Override
          protected void hookOnNext(HelloReply reply) {
            ten.countDown();
            all.countDown();
          }
        };
    HelloRequest large = request("x".repeat(10_000));
    stub.chat(Flux.range(0, MANY).map(i -> large).doOnNext(i -> made.incrementAndGet()))
        .subscribe(slow);
    boolean taken = ten.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    long before = -1;
    while (made.get() != before) {
      before = made.get();
      TimeUnit.MILLISECONDS.sleep(200);
    }
    slow.request(MANY);
    boolean rest = all.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    return "ten " + taken + ", stopped early " + (before < MANY) + ", the rest " + rest;
  }

  /** A stream that is left while it is open; of a unary call's end these stubs tell nobody. */
  private String cancel() throws InterruptedException {
    CountDownLatch answered = new CountDownLatch(1);
    Disposable call =
        stub.chat(Flux.just(request("you")).concatWith(Mono.never()))
            .subscribe(reply -> answered.countDown());
    boolean open = answered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    call.dispose();
    return "answered " + open + ", server " + greeter.chat();
  }

  private static Status.Code failure(ReactorGreeterStub stub) {
    return stub.sayHello(request("slow"))
        .map(reply -> Status.Code.OK)
        .onErrorResume(e -> Mono.just(Status.fromThrowable(e).getCode()))
        .block();
  }

  private static String text(HelloReply reply) {
    return reply.getMessage() + " by " + reply.getServedBy();
  }

  private static HelloRequest request(String name) {
    return HelloRequest.newBuilder().setName(name).build();
  }
}
