package io.meshagent.it.programs;

import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls and open streams that go on until they are told to stop. Calls begin at a steady rate
 * whether or not earlier ones were answered, so that a server that hangs does not slow the others'
 * load. A stream that breaks is opened again a moment later, and counted. Started and stopped by
 * one thread.
 */
final class SteadyLoad {

  private static final long STREAM_PAUSE_MILLIS = 50;

  private final ManagedChannel channel;
  private final String service;
  private final int rate;
  private final int streams;
  private final int deadlineMillis;
  private final boolean late;
  private final String name;
  private final Tally calls = new Tally();
  private final Tally messages = new Tally();
  private final AtomicInteger open = new AtomicInteger();
  private final Thread pacer = new Thread(this::pace, "pacer");
  private final ScheduledExecutorService later =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "reopens-streams");
            thread.setDaemon(true);
            return thread;
          });

  /** Volatile, as is the next: set by the thread that stops it, read by those of calls. */
  private volatile boolean stopped;

  SteadyLoad(ManagedChannel channel, String service, Options options) {
    this.channel = channel;
    this.service = service;
    this.rate = options.number("rate", 100);
    this.streams = options.number("streams", 0);
    this.deadlineMillis = options.number("deadline", 0);
    this.late = options.has("late");
    this.name = options.text("name", "test");
  }

  void begin() {
    calls.start();
    messages.start();
    for (int i = 0; i < streams; i++) {
      new OpenStream().open();
    }
    pacer.start();
  }

  /** No call begins any more; returns when those under way have ended. */
  Tally end() throws InterruptedException {
    stopped = true;
    pacer.join();
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (open.get() > 0 && System.nanoTime() < patience) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    for (int i = open.get(); i > 0; i--) {
      calls.failed(Status.UNKNOWN.withDescription("no answer within a minute"), 0);
    }
    calls.end();
    messages.end();
    return calls;
  }

  Tally calls() {
    return calls;
  }

  /** Messages by server, and what streams broke with. */
  Tally messages() {
    return messages;
  }

  /** Calls that have begun and not ended. */
  int open() {
    return open.get();
  }

  private void pace() {
    long start = System.nanoTime();
    try {
      for (long i = 0; !stopped; i++) {
        long left = start + i * TimeUnit.SECONDS.toNanos(1) / rate - System.nanoTime();
        if (left > 0) {
          TimeUnit.NANOSECONDS.sleep(left);
        }
        callOnce();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void callOnce() {
    CallOptions options = CallOptions.DEFAULT;
    if (late) {
      options = options.withDeadlineAfter(-1, TimeUnit.SECONDS);
    } else if (deadlineMillis > 0) {
      options = options.withDeadlineAfter(deadlineMillis, TimeUnit.MILLISECONDS);
    }
    open.incrementAndGet();
    long began = System.nanoTime();
    ClientCalls.asyncUnaryCall(
        ClientInterceptors.intercept(channel, new BegunResponses())
            .newCall(Named.sayHello(service), options),
        HelloRequest.newBuilder().setName(name).build(),
        new StreamObserver<HelloReply>() {
          private String server = "nobody";

          @Override
          public void onNext(HelloReply reply) {
            server = reply.getServedBy();
          }

          @Override
          public void onError(Throwable failure) {
            calls.failed(Status.fromThrowable(failure), System.nanoTime() - began);
            open.decrementAndGet();
          }

          @Override
          public void onCompleted() {
            calls.ok(server, System.nanoTime() - began);
            open.decrementAndGet();
          }
        });
  }

  private void afterPause(Runnable task) {
    Future<?> unused = later.schedule(task, STREAM_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Sends a message that asks to be kept for a moment, and the next one a moment after its answer:
   * a server that answers at once would be busy with nothing else.
   */
  private final class OpenStream implements StreamObserver<HelloReply> {

    private final long began = System.nanoTime();
    private StreamObserver<HelloRequest> requests;

    void open() {
      requests =
          ClientCalls.asyncBidiStreamingCall(
              channel.newCall(Named.chat(service), CallOptions.DEFAULT), this);
      send();
    }

    private void send() {
      requests.onNext(HelloRequest.newBuilder().setName("sleep:" + STREAM_PAUSE_MILLIS).build());
    }

    private void goOn() {
      if (stopped) {
        requests.onCompleted();
      } else {
        send();
      }
    }

    @Override
    public void onNext(HelloReply reply) {
      messages.ok(reply.getServedBy());
      afterPause(this::goOn);
    }

    @Override
    public void onError(Throwable failure) {
      messages.failed(Status.fromThrowable(failure), System.nanoTime() - began);
      if (!stopped) {
        afterPause(() -> new OpenStream().open());
      }
    }

    @Override
    public void onCompleted() {
      if (!stopped) {
        new OpenStream().open();
      }
    }
  }
}
