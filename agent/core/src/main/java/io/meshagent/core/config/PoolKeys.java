package io.meshagent.core.config;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;

import java.time.Duration;

/** The settings of the connections that channels keep to discovered instances. */
public final class PoolKeys {

  public static final Key<Integer> CONNECTIONS_PER_INSTANCE =
      Key.of(
          "pool.connections-per-instance",
          Types.number(1, 16),
          "1",
          "How many connections a channel opens to each instance. So many again are opened while all"
              + " streams of all instances are taken, where these limit them.");

  public static final Key<Duration> MAX_IDLE =
      Key.of(
          "pool.max-idle",
          Types.durationOrOff(ofSeconds(1), ofHours(24)),
          "off",
          "How long a connection to an instance is kept that carried nothing; it is opened again when"
              + " its service is called.");

  private PoolKeys() {}
}
