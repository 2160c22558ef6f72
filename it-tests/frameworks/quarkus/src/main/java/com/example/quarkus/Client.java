package com.example.quarkus;

import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import com.example.greeter.api.MutinyGreeterGrpc.MutinyGreeterStub;
import io.grpc.Context;
import io.grpc.Status;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What the test may ask for. */
final class Client {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final MutinyGreeterStub stub;
  private final Seen seen;

  Client(MutinyGreeterStub stub, Seen seen) {
    this.stub = stub;
    this.seen = seen;
  }

  String run(String command) throws Exception {
    return switch (command) {
      case "unary" -> wait(patient().sayHello(request("you")).map(Client::text));
      case "hop" -> wait(patient().sayHello(request("hop")).map(Client::text));
      case "chat" ->
          wait(
              patient()
                  .chat(Multi.createFrom().range(0, 3).map(i -> request("you")))
                  .map(Client::text)
                  .collect()
                  .with(Collectors.joining(", ")));
      case "deadline" -> {
        Status.Code code = wait(slow(stub.withDeadlineAfter(2, TimeUnit.SECONDS)));
        yield code + ", server " + seen.next() + " " + seen.next();
      }
      case "cancel" -> {
        // These stubs cancel no call when nobody listens any more; gRPC's context does.
        Context.CancellableContext around = Context.current().withCancellation();
        CompletableFuture<Status.Code> code =
            around.call(() -> slow(stub).subscribeAsCompletionStage());
        String began = seen.next();
        around.cancel(null);
        yield code.get(20, TimeUnit.SECONDS) + ", server " + began + " " + seen.next();
      }
      default -> throw new IllegalArgumentException(command);
    };
  }

  private MutinyGreeterStub patient() {
    return stub.withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static Uni<Status.Code> slow(MutinyGreeterStub stub) {
    return stub.sayHello(request("slow"))
        .map(reply -> Status.Code.OK)
        .onFailure()
        .recoverWithItem(e -> Status.fromThrowable(e).getCode());
  }

  private static <T> T wait(Uni<T> result) {
    return result.await().atMost(PATIENCE);
  }

  private static String text(HelloReply reply) {
    return reply.getMessage() + " by " + reply.getServedBy();
  }

  private static HelloRequest request(String name) {
    return HelloRequest.newBuilder().setName(name).build();
  }
}
