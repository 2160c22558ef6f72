package io.meshagent.it.programs.semantics;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** Retries and hedging from a service config of the program's own. */
final class RetryScenarios {

  private static final double ATTEMPTS = 4;

  private final Scenarios scenarios;
  private final ManagedChannel channel;

  /**
   * @param channel with {@link #config}
   */
  RetryScenarios(Scenarios scenarios, ManagedChannel channel) {
    this.scenarios = scenarios;
    this.channel = channel;
  }

  void run() throws InterruptedException {
    scenarios.both(
        "retries",
        t -> Scenarios.unary(channel, CallOptions.DEFAULT, t, ScriptedHandler.FAIL_BUT_THE_LAST));
    scenarios.both(
        "hedging",
        t ->
            Scenarios.send(
                channel,
                Methods.HEDGED,
                CallOptions.DEFAULT,
                t,
                ScriptedHandler.FAIL_BUT_THE_LAST,
                ""));
  }

  static Map<String, Object> config() {
    Map<String, Object> retry = new HashMap<>();
    retry.put("maxAttempts", ATTEMPTS);
    retry.put("initialBackoff", "0.02s");
    retry.put("maxBackoff", "0.05s");
    retry.put("backoffMultiplier", 1.5);
    retry.put("retryableStatusCodes", Collections.singletonList("UNAVAILABLE"));
    Map<String, Object> hedging = new HashMap<>();
    hedging.put("maxAttempts", ATTEMPTS);
    hedging.put("hedgingDelay", "1s");
    hedging.put("nonFatalStatusCodes", Collections.singletonList("UNAVAILABLE"));
    return Collections.singletonMap(
        "methodConfig",
        Arrays.asList(
            forMethod("Unary", "retryPolicy", retry),
            forMethod("Hedged", "hedgingPolicy", hedging)));
  }

  private static Map<String, Object> forMethod(String method, String policy, Object value) {
    Map<String, Object> name = new HashMap<>();
    name.put("service", Methods.SERVICE);
    name.put("method", method);
    Map<String, Object> config = new HashMap<>();
    config.put("name", Collections.singletonList(name));
    config.put(policy, value);
    return config;
  }
}
