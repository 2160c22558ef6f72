package io.meshagent.bench;

import io.meshagent.core.api.Agent;

/** An engine of which nothing is asked but the time. Thread-safe. */
final class BenchAgent implements Agent {

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void asGuest(Runnable task) {}

  @Override
  public Runnable after(long nanos, Runnable task) {
    return () -> {};
  }

  @Override
  public void failed(String place, Throwable cause) {
    throw new AssertionError(place, cause);
  }

  @Override
  public void warn(String sentence) {}
}
