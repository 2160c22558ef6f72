package io.meshagent.grpc.attempt;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The streams of one connection whose peer takes so many at once and no more
 * (SETTINGS_MAX_CONCURRENT_STREAMS, RFC 9113, section 6.5.2). gRPC lets further ones wait inside
 * its transport, without a limit and without a sign. A pick takes a place; the stream that follows
 * fills it. A place that no stream came for, because its call was cancelled in between, is free
 * again a moment later. Any thread.
 */
public final class StreamCount {

  /**
   * After that, and before twice that, a place is free again. Old versions of gRPC make the streams
   * of calls that waited on the calls' own threads, which may take a while.
   */
  private static final long LONGEST_TAKEN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Runnable onRoom;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger taken = new AtomicInteger();

  /** Those that are the first to be free again. */
  private final AtomicInteger takenBefore = new AtomicInteger();

  /** Volatile: written in the channel's sync context, read by picks. */
  private volatile int limit;

  /** Volatile: written and read by picks, the last of which counts. */
  private volatile long takenSince;

  /** Volatile: set by picks, taken back by streams that end. */
  private volatile boolean awaited;

  /**
   * @param onRoom run when a stream has ended and room was {@linkplain #await awaited}
   */
  public StreamCount(int limit, Runnable onRoom) {
    this.limit = limit;
    this.onRoom = onRoom;
  }

  /** The peer takes another number of streams now. */
  public void become(int newLimit) {
    limit = newLimit;
  }

  /** Whether one more stream would be sent at once. */
  public boolean hasRoom(long nowNanos) {
    forget(nowNanos);
    return open.get() + takenBefore.get() + taken.get() < limit;
  }

  /**
   * Takes a place for a stream that is about to be made.
   *
   * @return false if there is none
   */
  public boolean take(long nowNanos) {
    forget(nowNanos);
    int with = taken.incrementAndGet();
    if (open.get() + takenBefore.get() + with <= limit) {
      return true;
    }
    taken.decrementAndGet();
    return false;
  }

  private void forget(long nowNanos) {
    long age = nowNanos - takenSince;
    if (age > LONGEST_TAKEN_NANOS) {
      takenSince = nowNanos;
      int last = taken.getAndSet(0);
      takenBefore.set(age > 2 * LONGEST_TAKEN_NANOS ? 0 : last);
    }
  }

  /** Asks to be told once when a stream has ended. */
  public void await() {
    if (!awaited) {
      awaited = true;
    }
  }

  /** Whether no stream is open. */
  public boolean isEmpty() {
    return open.get() <= 0;
  }

  void begin() {
    open.incrementAndGet();
    fill(takenBefore.get() > 0 ? takenBefore : taken);
  }

  private static void fill(AtomicInteger of) {
    int places = of.get();
    if (places > 0) {
      // If somebody else was faster the place is free a moment later.
      boolean unused = of.compareAndSet(places, places - 1);
    }
  }

  void end() {
    open.decrementAndGet();
    if (awaited) {
      awaited = false;
      onRoom.run();
    }
  }
}
