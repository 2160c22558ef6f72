package com.example.greeter;

import com.example.greeter.api.GreeterGrpc;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.TimeUnit;

/**
 * {@code GreeterClient [--rate CALLS_PER_SECOND] [--seconds N] [--target TARGET]}: says hello at a
 * steady rate and prints who answered. One thread, one call at a time.
 */
public final class GreeterClient {

  private String target = "localhost:50051";
  private int rate = 10;
  private int seconds = 10;

  private GreeterClient() {}

  public static void main(String[] args) throws InterruptedException {
    GreeterClient client = new GreeterClient();
    if (!client.read(args)) {
      System.err.println("usage: GreeterClient [--rate N] [--seconds N] [--target T]");
      System.exit(2);
    }
    client.run();
  }

  private boolean read(String[] args) {
    for (int i = 0; i < args.length; i += 2) {
      if (i + 1 == args.length) {
        return false;
      }
      switch (args[i]) {
        case "--rate":
          rate = Integer.parseInt(args[i + 1]);
          break;
        case "--seconds":
          seconds = Integer.parseInt(args[i + 1]);
          break;
        case "--target":
          target = args[i + 1];
          break;
        default:
          return false;
      }
    }
    return rate > 0 && seconds > 0;
  }

  private void run() throws InterruptedException {
    ManagedChannel channel = ManagedChannelBuilder.forTarget(target).usePlaintext().build();
    GreeterGrpc.GreeterBlockingStub greeter = GreeterGrpc.newBlockingStub(channel);
    Answers answers = new Answers();
    long start = System.nanoTime();
    long calls = (long) rate * seconds;
    for (long call = 0; call < calls; call++) {
      waitUntil(start + call * TimeUnit.SECONDS.toNanos(1) / rate);
      try {
        HelloReply reply =
            greeter
                .withDeadlineAfter(5, TimeUnit.SECONDS)
                .sayHello(HelloRequest.newBuilder().setName("number " + call).build());
        answers.answeredBy(reply.getServedBy());
      } catch (StatusRuntimeException e) {
        answers.failed(e.getStatus());
      }
      if ((call + 1) % rate == 0) {
        answers.printSecond((call + 1) / rate);
      }
    }
    answers.printSummary();
    channel.shutdown();
    channel.awaitTermination(5, TimeUnit.SECONDS);
  }

  private static void waitUntil(long nanos) throws InterruptedException {
    long left = nanos - System.nanoTime();
    if (left > 0) {
      TimeUnit.NANOSECONDS.sleep(left);
    }
  }
}
