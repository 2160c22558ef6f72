package com.example.quarkus;

import com.example.greeter.api.Greeter;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.Context;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.grpc.GrpcService;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Answers with what it knows of the call: the interceptors that it passed, its deadline, its thread
 * and Vert.x context. {@code hop} calls the client's greeter on the way, on the event loop; {@code
 * slow} never answers, and {@code work} takes its time.
 */
@GrpcService
public class GreeterService implements Greeter {

  @GrpcClient("greeter")
  Greeter next;

  @Inject Seen seen;

  @Override
  public Uni<HelloReply> sayHello(HelloRequest request) {
    return switch (request.getName()) {
      case "slow" -> {
        // Mutiny is not told when the caller goes away; gRPC's context is.
        Context.current().addListener(context -> seen.add("cancelled"), Runnable::run);
        seen.add("began");
        yield Uni.createFrom().nothing();
      }
      case "work" -> {
        Duration time = Duration.ofMillis(ThreadLocalRandom.current().nextInt(5, 200));
        yield Uni.createFrom().item(GreeterService::reply).onItem().delayIt().by(time);
      }
      case "hop" -> next.sayHello(request.toBuilder().setName("you").build());
      default -> Uni.createFrom().item(GreeterService::reply);
    };
  }

  @Override
  @Blocking
  public Multi<HelloReply> chat(Multi<HelloRequest> requests) {
    return requests.map(request -> reply());
  }

  private static HelloReply reply() {
    String message =
        Trail.PASSED.get()
            + ", deadline "
            + (Context.current().getDeadline() != null)
            + ", event loop "
            + io.vertx.core.Context.isOnEventLoopThread()
            + ", duplicated context "
            + VertxContext.isOnDuplicatedContext();
    return HelloReply.newBuilder().setMessage(message).setServedBy("quarkus").build();
  }
}
