package io.meshagent.core.policy.breaker;

import io.meshagent.core.api.Service;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The breakers of this JVM by method. Thread-safe; a breaker lives on while its settings stay. */
public final class Breakers {

  private final LongSupplier nanoTime;
  private final Map<String, Breaker> byMethod = new ConcurrentHashMap<>();

  public Breakers(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
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

  /** The method has no breaker any more. */
  public void remove(String method) {
    byMethod.remove(method);
  }

  /** A moment's states by method: {@code CLOSED}, {@code OPEN} or {@code HALF_OPEN}. */
  public Map<String, String> states() {
    Map<String, String> states = new TreeMap<>();
    byMethod.forEach((method, breaker) -> states.put(method, breaker.state()));
    return Collections.unmodifiableMap(states);
  }
}
