package io.meshagent.core.config;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import java.time.Duration;

/** What a program tells the console of the mesh. */
public final class ConsoleKeys {

  public static final Key<Duration> PUBLISH =
      Key.live(
          "console.publish",
          Types.durationOrOff(ofSeconds(1), ofMinutes(10)),
          "off",
          "How often at most this program writes to etcd, for the console, whom it calls and how"
              + " that goes; only when it has changed, and on the average less than 100 bytes a"
              + " second.");

  private ConsoleKeys() {}
}
