package io.meshagent.core.policy.breaker;

import io.meshagent.core.balance.CircuitSettings;
import io.meshagent.core.config.Settings;

/**
 * The circuits of instances as the settings say them; what they do is in {@code core.balance},
 * which leaves out the instances whose circuit is open. Stateless.
 */
public final class InstanceCircuits {

  private InstanceCircuits() {}

  /**
   * What the settings say of a service.
   *
   * @param service its name with a slash at the end
   * @return null if its instances have none
   */
  public static CircuitSettings of(Settings settings, String service) {
    if (settings.select(BreakerKeys.SCOPE, service).value() != BreakerScope.INSTANCE
        || !settings.select(BreakerKeys.ENABLED, service).value()
        || settings.select(BreakerKeys.FORCED, service).value() == Forced.CLOSED) {
      return null;
    }
    BreakerSettings set = BreakerSettings.of(settings, service);
    return new CircuitSettings(
            set.failureRate,
            set.minimumCalls,
            set.window.toNanos(),
            set.openFor.toNanos(),
            set.probes)
        .withSlow(set.slowCall.toNanos(), set.slowRate);
  }
}
