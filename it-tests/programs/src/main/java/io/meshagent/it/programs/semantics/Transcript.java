package io.meshagent.it.programs.semantics;

import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * What the two sides of one scenario saw, each in its own order: between the sides there is none.
 * Thread-safe.
 */
final class Transcript {

  private static final int PATIENCE_SECONDS = 20;

  private final String name;
  private final List<String> client = new ArrayList<>();
  private final List<String> server = new ArrayList<>();

  /** The first of them; told where a scenario waits for it. */
  private volatile String clientReady;

  private volatile String serverReady;

  private final CountDownLatch clientEnd = new CountDownLatch(1);
  private final CountDownLatch serverEnd = new CountDownLatch(1);

  Transcript(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  void client(String event) {
    synchronized (client) {
      client.add(event);
      client.notifyAll();
    }
  }

  void server(String event) {
    server(Collections.singletonList(event));
  }

  /** Several in a row, also if another attempt of the same call is here at the same time. */
  void server(List<String> events) {
    synchronized (server) {
      server.addAll(events);
      server.notifyAll();
    }
  }

  /**
   * How often and when between other callbacks is gRPC's to choose, and differs from run to run.
   */
  void clientReady(String event) {
    synchronized (client) {
      if (clientReady == null) {
        clientReady = event;
        client.notifyAll();
      }
    }
  }

  void serverReady(String event) {
    synchronized (server) {
      if (serverReady == null) {
        serverReady = event;
        server.notifyAll();
      }
    }
  }

  void clientEnded() {
    clientEnd.countDown();
  }

  void serverEnded() {
    serverEnd.countDown();
  }

  void awaitClient() throws InterruptedException {
    if (!clientEnd.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      client("never ended");
    }
  }

  void awaitServer() throws InterruptedException {
    if (!serverEnd.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      server("never ended");
    }
  }

  void awaitClientReady() throws InterruptedException {
    awaitCondition(client, () -> clientReady != null, "ready");
    client(clientReady);
  }

  void awaitServerReady() throws InterruptedException {
    awaitCondition(server, () -> serverReady != null, "ready");
    server(serverReady);
  }

  /** Waits for an event of the client that begins so. */
  void awaitClientLine(String begin) throws InterruptedException {
    awaitLine(client, begin);
  }

  /** Waits for an event of the server that begins so. */
  void awaitServerLine(String begin) throws InterruptedException {
    awaitLine(server, begin);
  }

  private static void awaitLine(List<String> lines, String begin) throws InterruptedException {
    awaitCondition(lines, () -> lines.stream().anyMatch(line -> line.startsWith(begin)), begin);
  }

  private static void awaitCondition(List<String> lines, BooleanSupplier there, String begin)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    synchronized (lines) {
      while (!there.getAsBoolean()) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          lines.add("no " + begin);
          return;
        }
        lines.wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
      }
    }
  }

  void print(boolean bothSides) {
    StringBuilder text = new StringBuilder("case " + name + "\n");
    synchronized (client) {
      client.forEach(line -> text.append("  client ").append(line).append('\n'));
    }
    if (bothSides) {
      synchronized (server) {
        server.forEach(line -> text.append("  server ").append(line).append('\n'));
      }
    }
    System.out.print(text);
  }

  /** Where a callback runs, without the numbers that threads get. */
  static String thread() {
    return "on " + numberless(Thread.currentThread().getName());
  }

  static String of(Status status) {
    String description = String.valueOf(status.getDescription());
    if (status.getCode() == Status.Code.DEADLINE_EXCEEDED
        && (description.equals("null") || description.contains(" after "))) {
      // Both sides watch the clock, and the one that is first has the word.
      return "DEADLINE_EXCEEDED";
    }
    return status.getCode() + " '" + numberless(description) + "' because " + of(status.getCause());
  }

  static String of(Throwable cause) {
    if (cause == null) {
      return "null";
    }
    String message = numberless(String.valueOf(cause.getMessage()));
    return cause.getClass().getName() + "(" + message + ") because " + of(cause.getCause());
  }

  /** In the order in which they came. The agent's trace is no header of the program's. */
  static String of(Metadata metadata) {
    String text = metadata.toString().replaceAll("traceparent=[0-9a-f-]*,?", "");
    return numberless(text.replace(",)", ")"));
  }

  /**
   * Ports, times and counters of threads differ from run to run; texts that count don't use any.
   */
  static String numberless(String text) {
    return text.replace('\n', ' ').replaceAll("\\d+(\\.\\d+)?", "#");
  }
}
