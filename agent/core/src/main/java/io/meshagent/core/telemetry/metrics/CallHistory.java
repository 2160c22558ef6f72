package io.meshagent.core.telemetry.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How calls went in the last quarter of an hour, for the page's pictures: some 6 KB, whatever is
 * called. Somebody has to {@link #sample} it every {@value #SECONDS} seconds. Thread-safe.
 */
public final class CallHistory {

  static final int SECONDS = 5;

  /** The time between two samples. */
  public static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(SECONDS);

  private final SideMetrics client;
  private final SideMetrics server;
  private final LongSupplier wallClock;

  /** Guarded by this, as all that follows. */
  private final SideHistory made = new SideHistory();

  private final SideHistory served = new SideHistory();
  private long sampledMillis;

  CallHistory(SideMetrics client, SideMetrics server, LongSupplier wallClock) {
    this.client = client;
    this.server = server;
    this.wallClock = wallClock;
  }

  /** One more interval has ended. */
  public void sample() {
    EndedCalls byClient = client.ended();
    EndedCalls byServer = server.ended();
    synchronized (this) {
      made.add(byClient);
      served.add(byServer);
      sampledMillis = wallClock.getAsLong();
    }
  }

  /** For each side one list a figure, with one number an interval, the eldest first. */
  public synchronized Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("seconds", SECONDS);
    facts.put("intervals", SideHistory.INTERVALS);
    facts.put("until", sampledMillis);
    facts.put("calls made", made.facts());
    facts.put("calls served", served.facts());
    return facts;
  }
}
