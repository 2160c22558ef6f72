package io.meshagent.core.policy.breaker;

import io.meshagent.core.api.Service;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Stage;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.PlannedMethod;
import io.meshagent.core.policy.base.PolicyMetrics;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The breakers of this JVM by method. Thread-safe; a breaker lives on while its settings stay. */
public final class Breakers implements ActivePolicy {

  private final LongSupplier nanoTime;
  private final Map<String, Breaker> byMethod = new ConcurrentHashMap<>();

  public Breakers(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** None on a server. Where nothing may be kept for a method there is nothing to judge it by. */
  @Override
  public Stage stage(PlannedMethod method, Settings settings) {
    if (method.side() != Side.CLIENT || !method.isKept()) {
      return null;
    }
    String name = method.name();
    BreakerSettings own = BreakerSettings.of(settings, name);
    if (own == null) {
      byMethod.remove(name);
      return null;
    }
    boolean streaming = method.isStreaming();
    return new BreakerStage(name, of(name, streaming, own, method.service()), streaming);
  }

  /**
   * The breaker of a method.
   *
   * @param streaming whether client or server may send more than one message
   * @param service whose instances the calls go to; null where the directory has no say
   */
  public Breaker of(String method, boolean streaming, BreakerSettings settings, Service service) {
    return byMethod.compute(
        method,
        (name, before) ->
            before != null && before.settings().equals(settings)
                ? before
                : watching(service, new Breaker(name, streaming, settings, nanoTime)));
  }

  private static Breaker watching(Service service, Breaker breaker) {
    if (service != null) {
      service.watch(breaker);
    }
    return breaker;
  }

  @Override
  public void letGo(Side side, String method) {
    if (side == Side.CLIENT) {
      byMethod.remove(method);
    }
  }

  /** A moment's states by method: {@code CLOSED}, {@code OPEN} or {@code HALF_OPEN}. */
  public Map<String, String> states() {
    Map<String, String> states = new TreeMap<>();
    byMethod.forEach((method, breaker) -> states.put(method, breaker.state()));
    return Collections.unmodifiableMap(states);
  }

  @Override
  public Map<String, Object> facts() {
    return Collections.singletonMap("breakers", states());
  }

  @Override
  public void show(PolicyMetrics metrics) {
    BreakerMetrics.show(metrics, this::states);
  }
}
