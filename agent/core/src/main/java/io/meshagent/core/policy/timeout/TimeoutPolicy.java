package io.meshagent.core.policy.timeout;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;

import io.meshagent.core.config.Key;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.Types;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.Policy;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The longest that a client's call may take. It has no stage: the plan itself tells the adapter,
 * which makes it the call's deadline before all else.
 */
public final class TimeoutPolicy implements Policy {

  public static final Key<Duration> CLIENT_TIMEOUT =
      Key.live(
              "client.timeout",
              Types.durationOrOff(ofMillis(1), ofHours(24)),
              "off",
              "The longest a call may take; an earlier deadline of the program wins.")
          .perMethod();

  /** For a client's method; 0 for none. */
  public static long nanos(Settings settings, String method) {
    return settings.select(CLIENT_TIMEOUT, method).value().toNanos();
  }

  @Override
  public String name() {
    return "timeout";
  }

  @Override
  public List<Key<?>> keys() {
    return Collections.singletonList(CLIENT_TIMEOUT);
  }

  @Override
  public ActivePolicy start(LongSupplier nanoTime) {
    return (method, settings) -> null;
  }
}
