package io.meshagent.core.run;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * The engine's nano clock in the form that resilience4j wants. Its instants are those since it was
 * made, not those of the day, so a step of the system's clock does nothing to a breaker.
 */
public final class NanoClock extends Clock {

  private final LongSupplier nanoTime;
  private final long origin;

  public NanoClock(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.origin = nanoTime.getAsLong();
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochSecond(0, nanoTime.getAsLong() - origin);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("this clock knows no time of the day");
  }
}
