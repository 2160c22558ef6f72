package io.meshagent.core.policy.ratelimit;

import io.meshagent.core.api.Side;
import io.meshagent.core.config.Key;
import io.meshagent.core.config.Rate;
import io.meshagent.core.config.Types;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The settings of rate limits, on either side. */
public final class RateLimitKeys {

  public static final Key<Rate> CLIENT_RATE =
      Key.live(
              "client.rate-limit.rate",
              Types.rate(),
              "off",
              "The most calls this program makes; what is above is refused (RESOURCE_EXHAUSTED)."
                  + " All calls that a setting applies to share it.")
          .perMethod();
  public static final Key<Integer> CLIENT_BURST =
      Key.live(
              "client.rate-limit.burst",
              Types.number(0, 100_000_000),
              "0",
              "The most calls that client.rate-limit.rate lets through at once.")
          .defaultMeans("0: a tenth of a second's worth, at least 1")
          .perMethod();
  public static final Key<LimitKey> CLIENT_KEY =
      Key.live(
              "client.rate-limit.key",
              LimitKey.ofClients(),
              "none",
              "Whether calls with each value of a header have a client.rate-limit.rate of their"
                  + " own: header:NAME.")
          .perMethod();

  public static final Key<Rate> SERVER_RATE =
      Key.live(
              "server.rate-limit.rate",
              Types.rate(),
              "off",
              "The most calls this program answers; what is above is refused"
                  + " (RESOURCE_EXHAUSTED). All calls that a setting applies to share it.")
          .perMethod();
  public static final Key<Integer> SERVER_BURST =
      Key.live(
              "server.rate-limit.burst",
              Types.number(0, 100_000_000),
              "0",
              "The most calls that server.rate-limit.rate lets through at once.")
          .defaultMeans("0: a tenth of a second's worth, at least 1")
          .perMethod();
  public static final Key<LimitKey> SERVER_KEY =
      Key.live(
              "server.rate-limit.key",
              LimitKey.ofServers(),
              "none",
              "Whether each application that calls (caller), or each value of a header"
                  + " (header:NAME), has a server.rate-limit.rate of its own. Of very many only"
                  + " those that called last are remembered.")
          .perMethod();
  public static final Key<LimitScope> SERVER_SCOPE =
      Key.live(
              "server.rate-limit.scope",
              Types.oneOf(LimitScope.class),
              "instance",
              "Whether server.rate-limit.rate is what this instance answers, or all live instances"
                  + " of the service together (cluster): then each answers an equal share.")
          .perMethod();
  public static final Key<Boolean> SERVER_PUSHBACK =
      Key.live(
              "server.rate-limit.pushback",
              Types.bool(),
              "false",
              "Whether refusals by server.rate-limit.rate tell when to come again"
                  + " (grpc-retry-pushback-ms, spread over twice the time). gRPC's Java library"
                  + " retries whatever comes with it: only for callers that have no retry policy.")
          .perMethod();

  static final List<Key<?>> ALL =
      Collections.unmodifiableList(
          Arrays.<Key<?>>asList(
              CLIENT_RATE,
              CLIENT_BURST,
              CLIENT_KEY,
              SERVER_RATE,
              SERVER_BURST,
              SERVER_KEY,
              SERVER_SCOPE,
              SERVER_PUSHBACK));

  private RateLimitKeys() {}

  static Key<Rate> rate(Side side) {
    return side == Side.CLIENT ? CLIENT_RATE : SERVER_RATE;
  }

  static Key<Integer> burst(Side side) {
    return side == Side.CLIENT ? CLIENT_BURST : SERVER_BURST;
  }

  static Key<LimitKey> key(Side side) {
    return side == Side.CLIENT ? CLIENT_KEY : SERVER_KEY;
  }
}
