package io.meshagent.core.policy.cache;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofMillis;

import io.meshagent.core.config.Key;
import io.meshagent.core.config.Types;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The settings of what is kept of responses. */
public final class CacheKeys {

  public static final Key<Duration> TTL =
      Key.live(
              "client.cache.ttl",
              Types.durationOrOff(ofMillis(1), ofDays(7)),
              "off",
              "How long the response to a unary call is given to all who ask the same, without"
                  + " asking a server again; while one asks the others wait for its answer. For"
                  + " methods that only read.")
          .perMethod();
  public static final Key<ByteCount> MAX_BYTES =
      Key.live(
          "client.cache.max-bytes",
          ByteCount.type(64L << 10, 1L << 30),
          "16m",
          "The memory that responses are kept in, of all methods together; the one that was not"
              + " asked for the longest goes first.");
  public static final Key<HeaderNames> HEADERS =
      Key.live(
              "client.cache.headers",
              HeaderNames.type(),
              "",
              "The request headers that a response depends on, beside the request itself: calls that"
                  + " differ in one of them share nothing.")
          .perMethod();
  public static final Key<Duration> STALE =
      Key.live(
              "client.cache.stale-on-failure",
              Types.durationOrOff(ofMillis(1), ofDays(7)),
              "off",
              "How long after its ttl a response is given where the call fails.")
          .perMethod();
  public static final Key<Boolean> CREDENTIALS =
      Key.live(
              "client.cache.with-credentials",
              Types.bool(),
              "false",
              "Whether calls with credentials take part, too: whoever asks then gets what any other"
                  + " caller in this program was told, unless client.cache.headers tells them"
                  + " apart.")
          .perMethod();

  static final List<Key<?>> ALL =
      Collections.unmodifiableList(
          Arrays.<Key<?>>asList(TTL, MAX_BYTES, HEADERS, STALE, CREDENTIALS));

  private CacheKeys() {}
}
