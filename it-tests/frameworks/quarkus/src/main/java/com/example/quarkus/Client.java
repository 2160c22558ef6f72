package com.example.quarkus;

import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import com.example.greeter.api.MutinyGreeterGrpc.MutinyGreeterStub;
import io.grpc.Status;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
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
        Uni<Status.Code> code =
            stub.withDeadlineAfter(500, TimeUnit.MILLISECONDS)
                .sayHello(request("slow"))
                .map(reply -> Status.Code.OK)
                .onFailure()
                .recoverWithItem(e -> Status.fromThrowable(e).getCode());
        yield wait(code) + ", server " + seen.next() + " " + seen.next();
      }
      case "cancel" -> {
        Cancellable call =
            stub.chat(Multi.createFrom().emitter(requests -> requests.emit(request("slow"))))
                .subscribe()
                .with(reply -> {}, e -> {});
        String began = seen.next();
        call.cancel();
        yield "server " + began + " " + seen.next();
      }
      default -> throw new IllegalArgumentException(command);
    };
  }

  private MutinyGreeterStub patient() {
    return stub.withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS);
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
