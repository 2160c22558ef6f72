package io.meshagent.it.programs;

import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;

/**
 * A number of calls by a few threads, at a steady rate. Each waits for its answer, whatever kind of
 * stub it is made by.
 */
final class UnaryLoad {

  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  /** A longer time without a call is one in which this machine had no time for the load. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final ScheduledExecutorService TIMER =
      Executors.newScheduledThreadPool(
          1,
          task -> {
            Thread thread = new Thread(task, "deadlines");
            thread.setDaemon(true);
            return thread;
          });

  private final Channel channel;
  private final IntFunction<MethodDescriptor<HelloRequest, HelloReply>> methods;
  private final Tally tally;
  private final int calls;
  private final int rate;
  private final int threads;
  private final int deadlineMillis;
  private final int inheritedMillis;
  private final boolean late;
  private final boolean ready;
  private final String name;
  private final String kind;
  private final boolean signed;
  private final boolean marked;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicLong lastBegan = new AtomicLong();

  UnaryLoad(
      ManagedChannel channel,
      MethodDescriptor<HelloRequest, HelloReply> method,
      Options options,
      Tally tally) {
    this(channel, call -> method, options, tally);
  }

  /**
   * @param methods what is called by the number of the call, from 0
   */
  UnaryLoad(
      ManagedChannel channel,
      IntFunction<MethodDescriptor<HelloRequest, HelloReply>> methods,
      Options options,
      Tally tally) {
    this.channel = WithHeaders.of(channel, options);
    this.methods = methods;
    this.tally = tally;
    this.calls = options.number("n", 10);
    this.rate = options.number("rate", 0);
    this.threads = options.number("threads", 4);
    this.deadlineMillis = options.number("deadline", 5_000);
    this.inheritedMillis = options.number("inherited", 0);
    this.late = options.has("late");
    this.ready = options.has("ready");
    this.name = options.text("name", "test");
    this.kind = options.text("kind", "blocking");
    this.signed = options.has("signed");
    this.marked = options.has("marked");
  }

  void run() throws InterruptedException {
    tally.start();
    long start = System.nanoTime();
    lastBegan.set(start);
    Workers.run(threads, () -> work(start));
    tally.end();
  }

  private void work(long start) throws InterruptedException {
    for (int i = next.getAndIncrement(); i < calls; i = next.getAndIncrement()) {
      if (rate > 0) {
        long left = start + i * TimeUnit.SECONDS.toNanos(1) / rate - System.nanoTime();
        if (left > 0) {
          TimeUnit.NANOSECONDS.sleep(left);
        }
      }
      callOnce(methods.apply(i));
    }
  }

  private void callOnce(MethodDescriptor<HelloRequest, HelloReply> method) {
    if (inheritedMillis > 0) {
      Context.CancellableContext around =
          Context.current().withDeadlineAfter(inheritedMillis, TimeUnit.MILLISECONDS, TIMER);
      around.run(() -> call(method));
      around.cancel(null);
    } else {
      call(method);
    }
  }

  private void call(MethodDescriptor<HelloRequest, HelloReply> method) {
    HelloRequest request = HelloRequest.newBuilder().setName(name).build();
    CallOptions options = ready ? CallOptions.DEFAULT.withWaitForReady() : CallOptions.DEFAULT;
    if (late) {
      options = options.withDeadlineAfter(-1, TimeUnit.SECONDS);
    } else if (deadlineMillis > 0) {
      options = options.withDeadlineAfter(deadlineMillis, TimeUnit.MILLISECONDS);
    }
    if (signed) {
      options = options.withCallCredentials(new Signature());
    }
    long began = System.nanoTime();
    long idle = began - lastBegan.getAndAccumulate(began, Math::max) - PAUSE_NANOS;
    if (idle > 0) {
      tally.idle(idle);
    }
    try {
      AtomicReference<Metadata> headers = new AtomicReference<>();
      Channel via =
          marked
              ? ClientInterceptors.intercept(
                  channel,
                  MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()))
              : channel;
      String server = UnaryKind.call(kind, via, method, options, request).getServedBy();
      tally.ok(marked ? server + marks(headers.get()) : server, System.nanoTime() - began);
    } catch (StatusRuntimeException e) {
      tally.failed(withPushback(e), System.nanoTime() - began);
    }
  }

  /** What the agent says of an answer that is its own. */
  private static String marks(Metadata headers) {
    StringBuilder marks = new StringBuilder();
    for (String name : headers.keys()) {
      if (name.startsWith("mesh-")) {
        Metadata.Key<String> key = Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
        marks.append(' ').append(name).append('=').append(headers.get(key));
      }
    }
    return marks.toString();
  }

  /**
   * The status; its description says if the server or what is before it told when to come again.
   */
  private static Status withPushback(StatusRuntimeException e) {
    Metadata trailers = e.getTrailers();
    return trailers != null && trailers.containsKey(PUSHBACK)
        ? e.getStatus().augmentDescription("with pushback")
        : e.getStatus();
  }
}
