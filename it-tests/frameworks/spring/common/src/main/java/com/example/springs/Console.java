package com.example.springs;

import com.example.greeter.api.GreeterGrpc.GreeterBlockingStub;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.StatusRuntimeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Lets the test that started a program talk to it, on a thread of its own: {@code call <n>} calls
 * through the program's client bean, {@code late} waits for less than the reply takes; anything
 * else is the program's own.
 */
public final class Console {

  private final GreeterBlockingStub greeter;
  private final UnaryOperator<String> own;

  private Console(GreeterBlockingStub greeter, UnaryOperator<String> own) {
    this.greeter = greeter;
    this.own = own;
  }

  /** Says the port and listens from then on. */
  public static void open(int port, GreeterBlockingStub greeter, UnaryOperator<String> own) {
    Thread thread = new Thread(new Console(greeter, own)::listen, "console");
    thread.setDaemon(true);
    thread.start();
    System.out.println("port " + port);
  }

  private void listen() {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        System.out.println(answer(line));
      }
    } catch (IOException e) {
      System.out.println("failed " + e);
    }
  }

  private String answer(String line) {
    String[] words = line.split(" ");
    try {
      switch (words[0]) {
        case "call":
          return "done " + call(Integer.parseInt(words[1]));
        case "late":
          return "done " + late();
        default:
          return "done " + own.apply(line);
      }
    } catch (RuntimeException e) {
      return "failed " + e;
    }
  }

  private String call(int count) {
    TreeMap<String, Integer> by = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      HelloReply reply =
          greeter
              .withDeadlineAfter(10, TimeUnit.SECONDS)
              .sayHello(HelloRequest.newBuilder().setName("n").build());
      by.merge(reply.getServedBy() + " " + reply.getMessage(), 1, Integer::sum);
    }
    return by.toString();
  }

  private String late() {
    try {
      HelloRequest slow = HelloRequest.newBuilder().setName("sleep:1500").build();
      return greeter.withDeadlineAfter(300, TimeUnit.MILLISECONDS).sayHello(slow).getMessage();
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode().toString();
    }
  }
}
