package io.meshagent.core.registry;

import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** A moment's facts about our own entries, for metrics and the admin page. Immutable. */
public final class RegistrationStatus {

  /** What a registration asks its source for. */
  public enum Request {
    GRANT,
    RENEW,
    PUT
  }

  private final RegistrationState state;
  private final int desired;
  private final int registered;
  private final long leasesLost;
  private final Map<Request, Map<String, Long>> attempts;
  private final OptionalDouble renewedSecondsAgo;

  /** A registry without leases: nothing is asked for, renewed or lost. */
  public RegistrationStatus(RegistrationState state, int desired, int registered) {
    this(state, desired, registered, 0, Collections.emptyMap(), OptionalDouble.empty());
  }

  /**
   * @param attempts by request, then by outcome
   * @param renewedSecondsAgo empty if there is no lease
   */
  public RegistrationStatus(
      RegistrationState state,
      int desired,
      int registered,
      long leasesLost,
      Map<Request, Map<String, Long>> attempts,
      OptionalDouble renewedSecondsAgo) {
    this.state = state;
    this.desired = desired;
    this.registered = registered;
    this.leasesLost = leasesLost;
    Map<Request, Map<String, Long>> copy = new EnumMap<>(Request.class);
    attempts.forEach((request, outcomes) -> copy.put(request, new HashMap<>(outcomes)));
    this.attempts = Collections.unmodifiableMap(copy);
    this.renewedSecondsAgo = renewedSecondsAgo;
  }

  /** {@code ALIVE} when all that is desired is registered. */
  public RegistrationState state() {
    return state;
  }

  /** How many entries (service and instance) should be there. */
  public int desired() {
    return desired;
  }

  /** How many are there as far as we know. */
  public int registered() {
    return registered;
  }

  public long leasesLost() {
    return leasesLost;
  }

  /** How often each was asked for since the start, by what came of it: {@code ok} or a failure. */
  public Map<Request, Map<String, Long>> attempts() {
    return attempts;
  }

  /** How long ago the source was asked the last time with success to keep our entries. */
  public OptionalDouble renewedSecondsAgo() {
    return renewedSecondsAgo;
  }
}
