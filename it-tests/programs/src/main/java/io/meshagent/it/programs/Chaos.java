package io.meshagent.it.programs;

import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls and streams that end in every way a call can end. The kinds of calls follow a seed; when
 * they meet what is decided by time. Returns when every call was closed.
 */
final class Chaos {

  private static final String[] WISHES = {"test", "test", "throw", "fail", "sleep:5", "sleep:40"};

  private final ManagedChannel channel;
  private final String service;
  private final Tally tally;
  private final int calls;
  private final int threads;
  private final boolean allKinds;
  private final Random random;
  private final AtomicInteger next = new AtomicInteger();

  Chaos(ManagedChannel channel, String service, Options options, Tally tally) {
    this.channel = channel;
    this.service = service;
    this.tally = tally;
    this.calls = options.number("n", 1_000);
    this.threads = options.number("threads", 8);
    this.allKinds = options.has("kinds");
    this.random = new Random(options.number("seed", 1));
  }

  void run() throws InterruptedException {
    tally.start();
    Workers.run(
        threads,
        () -> {
          while (next.getAndIncrement() < calls) {
            callOnce();
          }
        });
    tally.end();
  }

  private void callOnce() throws InterruptedException {
    MethodDescriptor<HelloRequest, HelloReply> method = method();
    boolean stream = !method.getType().clientSendsOneMessage();
    // Now and then a deadline that is over before the call begins.
    int deadlineMillis = random.nextInt(3) == 0 ? random.nextInt(20) : 5_000;
    ClientCall<HelloRequest, HelloReply> call =
        channel.newCall(
            method, CallOptions.DEFAULT.withDeadlineAfter(deadlineMillis, TimeUnit.MILLISECONDS));
    if (random.nextInt(50) == 0) {
      // Never started: a program may do that too.
      call.cancel("never started", null);
      return;
    }
    Closing closing = new Closing(call);
    call.start(closing, new Metadata());
    call.request(1);
    int messages = stream ? 1 + random.nextInt(4) : 1;
    int cancelAt = random.nextInt(4) == 0 ? random.nextInt(messages + 1) : Integer.MAX_VALUE;
    send(call, messages, cancelAt);
    closing.await();
  }

  private MethodDescriptor<HelloRequest, HelloReply> method() {
    if (!allKinds) {
      return random.nextInt(3) == 0 ? Named.chat(service) : Named.sayHello(service);
    }
    switch (random.nextInt(5)) {
      case 0:
        return Named.chat(service);
      case 1:
        return Named.collect(service);
      case 2:
        return Named.tell(service);
      default:
        return Named.sayHello(service);
    }
  }

  /** Cancelled before one of its messages, or after the last, or not at all. */
  private void send(ClientCall<HelloRequest, HelloReply> call, int messages, int cancelAt)
      throws InterruptedException {
    for (int i = 0; i < messages; i++) {
      if (i == cancelAt) {
        call.cancel("the test cancels", null);
        return;
      }
      String wish = WISHES[random.nextInt(WISHES.length)];
      call.sendMessage(HelloRequest.newBuilder().setName(wish).build());
    }
    call.halfClose();
    if (cancelAt == messages) {
      TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(10));
      call.cancel("the test cancels late", null);
    }
  }

  private final class Closing extends ClientCall.Listener<HelloReply> {
    private final ClientCall<HelloRequest, HelloReply> call;
    private final long began = System.nanoTime();
    private final CountDownLatch closed = new CountDownLatch(1);

    Closing(ClientCall<HelloRequest, HelloReply> call) {
      this.call = call;
    }

    @Override
    public void onMessage(HelloReply reply) {
      call.request(1);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (status.isOk()) {
        tally.ok("ok");
      } else {
        // Deadlines and transports put times and ports into theirs; INTERNAL is never asked for.
        Status counted =
            status.getCode() == Status.Code.INTERNAL ? status : Status.fromCode(status.getCode());
        tally.failed(counted, System.nanoTime() - began);
      }
      closed.countDown();
    }

    void await() throws InterruptedException {
      if (!closed.await(30, TimeUnit.SECONDS)) {
        tally.failed(Status.INTERNAL.withDescription("never closed"), System.nanoTime() - began);
      }
    }
  }
}
