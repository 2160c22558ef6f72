package io.meshagent.it.programs.cost;

import com.example.greeter.api.GreeterGrpc.GreeterStub;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * So many turns of something, a few of them under way at any time: whoever ends one begins the
 * next, on gRPC's thread that told of the end, so that no thread waits. Used once.
 */
abstract class Load {

  static final HelloRequest REQUEST = HelloRequest.newBuilder().setName("cost").build();

  final GreeterStub stub;
  private final long turns;
  private final AtomicLong left;
  private final AtomicLong failed = new AtomicLong();

  Load(GreeterStub stub, long turns) {
    this.stub = stub;
    this.turns = turns;
    this.left = new AtomicLong(turns);
  }

  /** Begins something; {@code ended} is counted down when there is no more for it to do. */
  abstract void begin(CountDownLatch ended);

  /** Whether there is one more to be done, which then is the caller's. */
  final boolean hasNext() {
    return left.getAndDecrement() > 0;
  }

  /** Whether it is the server's own: a policy may answer in its place. */
  static boolean isAnswer(HelloReply reply) {
    return reply.getMessage().equals(REQUEST.getName());
  }

  /** One came to no good end, and nothing follows it. */
  final void failed(Throwable failure, CountDownLatch ended) {
    if (failed.getAndIncrement() == 0) {
      System.err.println("failed: " + failure);
    }
    ended.countDown();
  }

  /**
   * Returns when all is done.
   *
   * @return the turns, the nanoseconds that they took together, and how many failed, as key=value
   */
  final String run(int atOnce) throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(atOnce);
    long began = System.nanoTime();
    for (int i = 0; i < atOnce; i++) {
      begin(ended);
    }
    ended.await();
    long nanos = System.nanoTime() - began;
    return "turns=" + turns + " nanos=" + nanos + " failed=" + failed;
  }
}
