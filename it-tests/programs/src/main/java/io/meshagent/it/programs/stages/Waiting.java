package io.meshagent.it.programs.stages;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads do. */
final class Waiting {

  private Waiting() {}

  static void until(String what, BooleanSupplier condition) {
    long began = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - began > TimeUnit.SECONDS.toNanos(20)) {
        throw new AssertionError("never: " + what);
      }
      LockSupport.parkNanos(500_000);
    }
  }
}
