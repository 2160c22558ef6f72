package io.meshagent.it.programs;

import com.example.greeter.api.GreeterGrpc;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A greeter that fails when told to: a share of its calls with UNAVAILABLE, evenly spread, and any
 * call that asks for it by its name: {@code throw}, {@code fail}, {@code sleep:<ms>}. Thread-safe.
 */
class FlakyGreeter extends GreeterGrpc.GreeterImplBase {

  private final String name;
  private final AtomicLong calls = new AtomicLong();
  private final ScheduledExecutorService later =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "later");
            thread.setDaemon(true);
            return thread;
          });

  /** Volatile: set by the thread that reads commands, read by those of calls. */
  private volatile int failPercent;

  FlakyGreeter(String name, int failPercent) {
    this.name = name;
    this.failPercent = failPercent;
  }

  void fail(int percent) {
    failPercent = percent;
  }

  @Override
  public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
    answer(request, replies, true);
  }

  @Override
  public StreamObserver<HelloRequest> chat(StreamObserver<HelloReply> replies) {
    return new StreamObserver<HelloRequest>() {
      @Override
      public void onNext(HelloRequest request) {
        answer(request, replies, false);
      }

      @Override
      public void onError(Throwable gone) {
        // The caller cancelled; there is nobody left to answer.
      }

      @Override
      public void onCompleted() {
        synchronized (replies) {
          replies.onCompleted();
        }
      }
    };
  }

  private void answer(HelloRequest request, StreamObserver<HelloReply> replies, boolean last) {
    String wish = request.getName();
    if (wish.equals("throw")) {
      throw new IllegalStateException("thrown because the test asked for it");
    }
    if (wish.equals("fail") || isFailing()) {
      synchronized (replies) {
        replies.onError(Status.UNAVAILABLE.withDescription("flaky").asRuntimeException());
      }
    } else if (wish.equals("too-late")) {
      synchronized (replies) {
        replies.onError(
            Status.DEADLINE_EXCEEDED.withDescription("of its own").asRuntimeException());
      }
    } else if (wish.startsWith("sleep:")) {
      long millis = Long.parseLong(wish.substring("sleep:".length()));
      Future<?> unused =
          later.schedule(() -> reply(request, replies, last), millis, TimeUnit.MILLISECONDS);
    } else {
      reply(request, replies, last);
    }
  }

  /** Failures spread evenly: of any 100 calls in a row, exactly so many fail. */
  private boolean isFailing() {
    int percent = failPercent;
    long call = calls.incrementAndGet();
    return call * percent / 100 != (call - 1) * percent / 100;
  }

  private void reply(HelloRequest request, StreamObserver<HelloReply> replies, boolean last) {
    HelloReply reply =
        HelloReply.newBuilder()
            .setMessage("Hello, " + request.getName() + "!")
            .setServedBy(name)
            .build();
    // A reply that slept may meet another message of its stream; a call is for one thread at a
    // time.
    synchronized (replies) {
      try {
        replies.onNext(reply);
        if (last) {
          replies.onCompleted();
        }
      } catch (IllegalStateException | StatusRuntimeException e) {
        // The call ended while its reply slept.
      }
    }
  }
}
