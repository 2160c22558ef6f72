package io.meshagent.it.programs;

import com.example.greeter.api.GreeterGrpc;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A greeter that counts what it has under way, keeps answers back while it is told to, and fails
 * when told to: a share of its calls with UNAVAILABLE, evenly spread, perhaps with the time after
 * which to come again; takes its time with another share, and says so; and does to any call what it
 * asks for by its name: {@code throw}, {@code fail}, {@code unimplemented}, {@code sleep:<ms>},
 * {@code block:<ms>} on its thread. Thread-safe.
 */
class FlakyGreeter extends GreeterGrpc.GreeterImplBase {

  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private final String name;
  private final AtomicLong calls = new AtomicLong();
  private final UnderWay underWay = new UnderWay();
  private final ScheduledExecutorService later =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "later");
            thread.setDaemon(true);
            return thread;
          });

  /** Volatile: set by the thread that reads commands, read by those of calls. */
  private volatile int failPercent;

  /** Volatile as well, and the next two. Null for none. */
  private volatile String pushback;

  private volatile int slowPercent;
  private volatile int slowMillis;

  FlakyGreeter(String name, int failPercent) {
    this.name = name;
    this.failPercent = failPercent;
  }

  UnderWay underWay() {
    return underWay;
  }

  void fail(int percent) {
    failPercent = percent;
  }

  /** What failures carry: milliseconds, or null. */
  void pushBack(String millis) {
    pushback = millis;
  }

  void slow(int percent, int millis) {
    slowMillis = millis;
    slowPercent = percent;
  }

  @Override
  public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
    answer(request, new Replies(replies, underWay.begin()), true);
  }

  @Override
  public StreamObserver<HelloRequest> chat(StreamObserver<HelloReply> to) {
    Replies replies = new Replies(to, underWay.begin());
    return new StreamObserver<HelloRequest>() {
      @Override
      public void onNext(HelloRequest request) {
        answer(request, replies, false);
      }

      @Override
      public void onError(Throwable gone) {
        // The caller cancelled; there is nobody left to answer.
        replies.end();
      }

      @Override
      public void onCompleted() {
        replies.complete();
      }
    };
  }

  /** Many requests, of which the last is answered. */
  StreamObserver<HelloRequest> collect(StreamObserver<HelloReply> to) {
    Replies replies = new Replies(to, underWay.begin());
    return new StreamObserver<HelloRequest>() {
      private HelloRequest last = HelloRequest.getDefaultInstance();

      @Override
      public void onNext(HelloRequest request) {
        last = request;
      }

      @Override
      public void onError(Throwable gone) {
        replies.end();
      }

      @Override
      public void onCompleted() {
        answer(last, replies, true);
      }
    };
  }

  /** One request, which is answered three times. */
  void tell(HelloRequest request, StreamObserver<HelloReply> to) {
    Replies replies = new Replies(to, underWay.begin());
    answer(request, replies, false);
    answer(request, replies, false);
    answer(request, replies, true);
  }

  private void answer(HelloRequest request, Replies replies, boolean last) {
    String wish = request.getName();
    long call = calls.incrementAndGet();
    if (wish.equals("throw")) {
      replies.end();
      throw new IllegalStateException("thrown because the test asked for it");
    }
    if (wish.equals("fail") || isOneOf(failPercent, call)) {
      replies.fail(Status.UNAVAILABLE.withDescription("flaky"), trailers());
    } else if (wish.equals("too-late")) {
      replies.fail(Status.DEADLINE_EXCEEDED.withDescription("of its own"), new Metadata());
    } else if (wish.equals("unimplemented")) {
      replies.fail(Status.UNIMPLEMENTED.withDescription("not for this name"), new Metadata());
    } else if (wish.startsWith("sleep:")) {
      long millis = Long.parseLong(wish.substring("sleep:".length()));
      replyAfter(millis, request, replies, last);
    } else if (isOneOf(slowPercent, call)) {
      Future<?> unused =
          later.schedule(
              () -> reply(name + " late", request, replies, last),
              slowMillis,
              TimeUnit.MILLISECONDS);
    } else {
      if (wish.startsWith("block:")) {
        block(Long.parseLong(wish.substring("block:".length())));
      }
      underWay.whenReleased(() -> reply(request, replies, last));
    }
  }

  private static void block(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void replyAfter(long millis, HelloRequest request, Replies replies, boolean last) {
    Future<?> unused =
        later.schedule(() -> reply(request, replies, last), millis, TimeUnit.MILLISECONDS);
  }

  private Metadata trailers() {
    Metadata trailers = new Metadata();
    String millis = pushback;
    if (millis != null) {
      trailers.put(PUSHBACK, millis);
    }
    return trailers;
  }

  /** A share that is spread evenly: of any 100 calls in a row, exactly so many. */
  private static boolean isOneOf(int percent, long call) {
    return call * percent / 100 != (call - 1) * percent / 100;
  }

  private void reply(HelloRequest request, Replies replies, boolean last) {
    reply(name, request, replies, last);
  }

  private static void reply(String by, HelloRequest request, Replies replies, boolean last) {
    HelloReply reply =
        HelloReply.newBuilder()
            .setMessage("Hello, " + request.getName() + "!")
            .setServedBy(by)
            .build();
    replies.reply(reply);
    if (last) {
      replies.complete();
    }
  }

  /**
   * One thread at a time, and nothing after the end: a reply that slept may meet another message of
   * its stream, or gRPC that closes it because a callback threw. Thread-safe.
   */
  private static final class Replies {
    private final StreamObserver<HelloReply> to;
    private final Runnable ended;
    private boolean over;

    /**
     * @param ended run once, before the end is told
     */
    Replies(StreamObserver<HelloReply> to, Runnable ended) {
      this.to = to;
      this.ended = ended;
    }

    /** gRPC ends the call. */
    synchronized void end() {
      over = true;
      ended.run();
    }

    synchronized void reply(HelloReply reply) {
      if (!over) {
        try {
          to.onNext(reply);
        } catch (IllegalStateException | StatusRuntimeException e) {
          // The call ended while its reply slept.
          end();
        }
      }
    }

    synchronized void complete() {
      if (!over) {
        end();
        try {
          to.onCompleted();
        } catch (IllegalStateException | StatusRuntimeException e) {
          // The same.
        }
      }
    }

    synchronized void fail(Status status, Metadata trailers) {
      if (!over) {
        end();
        to.onError(status.asRuntimeException(trailers));
      }
    }
  }
}
