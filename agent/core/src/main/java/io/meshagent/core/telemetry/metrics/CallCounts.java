package io.meshagent.core.telemetry.metrics;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** How many calls of one method there were on one side since the start. Immutable. */
public final class CallCounts {

  private final long begun;
  private final long underWay;
  private final Map<String, Long> refused;

  /**
   * @param begun refused ones too
   * @param refused by policy
   */
  public CallCounts(long begun, long underWay, Map<String, Long> refused) {
    this.begun = begun;
    this.underWay = underWay;
    this.refused = Collections.unmodifiableMap(new TreeMap<>(refused));
  }

  /** Refused ones too. */
  public long begun() {
    return begun;
  }

  /** Those that have not ended. */
  public long underWay() {
    return underWay;
  }

  /** By policy; those that have refused none are not in it. */
  public Map<String, Long> refused() {
    return refused;
  }
}
