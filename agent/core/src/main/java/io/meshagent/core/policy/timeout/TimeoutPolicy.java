package io.meshagent.core.policy.timeout;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;

import io.meshagent.core.config.Key;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.Types;
import io.meshagent.core.policy.base.StagelessPolicy;
import java.time.Duration;

/**
 * The longest that a client's call may take. It has no stage: the plan itself tells the adapter,
 * which makes it the call's deadline before all else.
 */
public final class TimeoutPolicy extends StagelessPolicy {

  public static final Key<Duration> CLIENT_TIMEOUT =
      Key.live(
              "client.timeout",
              Types.durationOrOff(ofMillis(1), ofHours(24)),
              "off",
              "The longest a call may take; an earlier deadline of the program wins.")
          .perMethod();

  /** The only one there need be. */
  public TimeoutPolicy() {
    super("timeout", CLIENT_TIMEOUT);
  }

  /** For a client's method; 0 for none. */
  public static long nanos(Settings settings, String method) {
    return settings.select(CLIENT_TIMEOUT, method).value().toNanos();
  }
}
