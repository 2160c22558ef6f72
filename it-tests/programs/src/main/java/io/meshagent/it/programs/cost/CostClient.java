package io.meshagent.it.programs.cost;

import com.example.greeter.api.GreeterGrpc;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.meshagent.it.programs.Commands;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * {@code CostClient none|empty|libraries PORT}: makes calls to the greeter there, governed by that.
 * On stdin: {@code unary <in flight> <calls>}, {@code chat <streams> <messages>} (see {@link
 * Load}), {@code usage}, {@code memory} (see {@link Usage}), {@code quit}.
 */
public final class CostClient {

  private CostClient() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Usage usage = new Usage();
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress("localhost", Integer.parseInt(args[1]))
            .usePlaintext()
            .build();
    GreeterGrpc.GreeterStub stub = GreeterGrpc.newStub(governed(args[0], channel));
    System.out.println("ready");
    Commands.follow(
        words -> {
          switch (words[0]) {
            case "unary":
              System.out.println(
                  new UnaryCalls(stub, Long.parseLong(words[2])).run(Integer.parseInt(words[1])));
              break;
            case "chat":
              System.out.println(
                  new Chats(stub, Long.parseLong(words[2])).run(Integer.parseInt(words[1])));
              break;
            case "usage":
              System.out.println(usage.soFar());
              break;
            default:
              System.out.println(usage.kept());
          }
        });
    boolean unused = channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
  }

  private static Channel governed(String kind, Channel channel) {
    switch (kind) {
      case "empty":
        return ClientInterceptors.intercept(channel, new EmptyOnClient());
      case "libraries":
        return ClientInterceptors.intercept(channel, new LibrariesOnClient());
      default:
        return channel;
    }
  }
}
