package io.meshagent.core.policy.shed;

import io.meshagent.core.run.TaskLoop;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * How busy the CPU is, smoothed over some two seconds. Read twice a second on a thread of the
 * agent's, never by who asks; only while somebody asks, so that nothing goes on when shedding was
 * switched off or the agent has left the program. Thread-safe.
 */
final class CpuLoad {

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Kratos and go-zero keep 0.95 of the last value, which is ten seconds; too long for a burst. */
  private static final double KEPT = 0.75;

  /** A minute of readings that nobody has asked for. */
  private static final int PATIENCE = 120;

  private static final double UNKNOWN = -1;

  private final Supplier<CpuReading> source;
  private final TaskLoop loop;
  private final AtomicBoolean running = new AtomicBoolean();

  /** Volatile, as is the next: the loop's thread and those of calls meet here. */
  private volatile double share = UNKNOWN;

  private volatile boolean asked;

  /** Only the loop's thread touches these two. */
  private CpuReading reading;

  private int unasked;

  /**
   * @param source asked on the loop, whenever reading begins
   */
  CpuLoad(Supplier<CpuReading> source, TaskLoop loop) {
    this.source = source;
    this.loop = loop;
  }

  /** Of all that may be used, 0 to 100; negative while it is not known. */
  double percent() {
    if (!asked) {
      asked = true;
    }
    if (!running.get() && running.compareAndSet(false, true)) {
      loop.execute(this::begin);
    }
    return share < 0 ? UNKNOWN : 100 * share;
  }

  private void begin() {
    unasked = 0;
    reading = source.get();
    read();
  }

  private void read() {
    unasked = asked ? 0 : unasked + 1;
    asked = false;
    if (unasked > PATIENCE) {
      share = UNKNOWN;
      reading = null;
      running.set(false);
      return;
    }
    try {
      double now = reading.read();
      if (now >= 0) {
        double before = share;
        share = before < 0 ? now : KEPT * before + (1 - KEPT) * now;
      }
    } finally {
      TaskLoop.Timer unused = loop.after(PAUSE_NANOS, this::read);
    }
  }
}
