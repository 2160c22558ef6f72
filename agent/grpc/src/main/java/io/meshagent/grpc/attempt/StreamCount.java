package io.meshagent.grpc.attempt;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

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

  /** How many places one part of {@link #taken} can count; beyond that they are not. */
  private static final int PART_BITS = 20;

  private static final long PART = (1L << PART_BITS) - 1;

  /** Seconds go round, in what is left of the word. */
  private static final long SECONDS = (1L << (64 - 2 * PART_BITS)) - 1;

  /** So much later than a clock was read a pick may go on. */
  private static final int LATE_SECONDS = 10;

  private final Runnable onRoom;
  private final AtomicInteger open = new AtomicInteger();

  /**
   * In one word, so that a place which was just taken can't be forgotten with old ones: the second
   * in which places were taken last, those of the one before, those of that one.
   */
  private final AtomicLong taken = new AtomicLong();

  /** Volatile: written in the channel's sync context, read by picks. */
  private volatile int limit;

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
    return open.get() + places(aged(taken.get(), nowNanos)) < limit;
  }

  /**
   * Takes a place for a stream that is about to be made.
   *
   * @return false if there is none
   */
  public boolean take(long nowNanos) {
    while (true) {
      long known = taken.get();
      long aged = aged(known, nowNanos);
      if (open.get() + places(aged) >= limit) {
        return false;
      }
      if (taken.compareAndSet(known, (aged & PART) == PART ? aged : aged + 1)) {
        return true;
      }
    }
  }

  private static int places(long taken) {
    return (int) ((taken & PART) + ((taken >>> PART_BITS) & PART));
  }

  /** What is left of it by now. */
  private static long aged(long taken, long nowNanos) {
    long second = (nowNanos / LONGEST_TAKEN_NANOS) & SECONDS;
    long passed = (second - (taken >>> (2 * PART_BITS))) & SECONDS;
    if (passed == 0 || passed > SECONDS - LATE_SECONDS) {
      // The latter where somebody else has read the clock later and was faster.
      return taken;
    }
    long before = passed == 1 ? taken & PART : 0;
    return (second << (2 * PART_BITS)) | (before << PART_BITS);
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
    long known;
    do {
      known = taken.get();
    } while (places(known) > 0 && !taken.compareAndSet(known, filled(known)));
  }

  /** One place less, of the eldest. */
  private static long filled(long taken) {
    return ((taken >>> PART_BITS) & PART) > 0 ? taken - (1L << PART_BITS) : taken - 1;
  }

  void end() {
    open.decrementAndGet();
    if (awaited) {
      awaited = false;
      onRoom.run();
    }
  }
}
