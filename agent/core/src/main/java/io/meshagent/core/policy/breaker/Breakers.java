package io.meshagent.core.policy.breaker;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Stage;
import io.meshagent.core.config.Selected;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.PlannedMethod;
import io.meshagent.core.policy.base.PolicyMetrics;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The breakers of this JVM: by method, or by service where its methods share one. Thread-safe; a
 * breaker lives on while its settings stay.
 */
public final class Breakers implements ActivePolicy {

  private final LongSupplier nanoTime;
  private final Map<String, MethodCircuit> byMethod = new ConcurrentHashMap<>();
  private final Map<String, Breaker> ofServices = new ConcurrentHashMap<>();
  private final ForcedCircuits forcedCircuits = new ForcedCircuits();

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
    BreakerScope scope = scope(method, settings);
    Selected<Forced> forced = settings.select(BreakerKeys.FORCED, name);
    boolean judges =
        settings.select(BreakerKeys.ENABLED, name).value() && scope != BreakerScope.INSTANCE;
    if (!judges && forced.value() != Forced.OPEN) {
      forget(name);
      return null;
    }
    if (forced.value() != Forced.OFF) {
      forcedCircuits.add(forced);
    }
    MethodCircuit circuit =
        byMethod.compute(
            name,
            (same, before) -> {
              MethodCircuit kept =
                  before == null ? new MethodCircuit(name, method.isStreaming()) : before;
              kept.become(breaker(method, scope, settings, kept.breaker()));
              kept.force(forced.value(), ForcedCircuits.name(forced));
              return kept;
            });
    return new BreakerStage(circuit);
  }

  /** Where the directory has no say nobody knows of instances. */
  private static BreakerScope scope(PlannedMethod method, Settings settings) {
    BreakerScope scope = settings.select(BreakerKeys.SCOPE, method.name()).value();
    return scope == BreakerScope.INSTANCE && method.service() == null ? BreakerScope.METHOD : scope;
  }

  private Breaker breaker(
      PlannedMethod method, BreakerScope scope, Settings settings, Breaker before) {
    if (scope != BreakerScope.SERVICE) {
      return made(
          method.name(), method.service(), BreakerSettings.of(settings, method.name()), before);
    }
    String service = method.name().substring(0, Math.max(0, method.name().lastIndexOf('/')));
    // Settings of one method are none of the others': the slash makes a method of no name.
    BreakerSettings own = BreakerSettings.of(settings, service + "/");
    return ofServices.compute(
        service, (same, shared) -> made(service, method.service(), own, shared));
  }

  /** The one from before if it is for the same, and by the same settings. */
  private Breaker made(String what, Service service, BreakerSettings settings, Breaker before) {
    if (before != null && before.isOf(what) && before.settings().equals(settings)) {
      return before;
    }
    Breaker breaker = new Breaker(what, settings, nanoTime);
    if (service != null) {
      service.watch(breaker);
    }
    return breaker;
  }

  private void forget(String method) {
    MethodCircuit circuit = byMethod.remove(method);
    if (circuit != null) {
      circuit.retire();
      ofServices.values().removeIf(shared -> !isUsed(shared));
    }
  }

  @SuppressWarnings("ReferenceEquality") // Another one is another circuit, however alike.
  private boolean isUsed(Breaker breaker) {
    return byMethod.values().stream().anyMatch(circuit -> circuit.breaker() == breaker);
  }

  @Override
  public void letGo(Side side, String method) {
    if (side == Side.CLIENT) {
      forget(method);
    }
  }

  @Override
  public void retain(Settings settings) {
    forcedCircuits.retain(settings);
  }

  /** A moment's states by method, as {@link MethodCircuit#state} names them. */
  public Map<String, String> states() {
    Map<String, String> states = new TreeMap<>();
    byMethod.forEach((method, circuit) -> states.put(method, circuit.state()));
    return Collections.unmodifiableMap(states);
  }

  @Override
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("breakers", states());
    Map<String, String> forced = forcedCircuits.facts();
    if (!forced.isEmpty()) {
      facts.put("forced circuits", forced);
    }
    return facts;
  }

  @Override
  public Map<String, Object> facts(String method) {
    MethodCircuit circuit = byMethod.get(method);
    if (circuit == null || circuit.breaker() == null) {
      return Collections.emptyMap();
    }
    CircuitBreaker.Metrics counts = circuit.breaker().counts();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("state", circuit.state());
    row.put("calls in the window", counts.getNumberOfBufferedCalls());
    row.put("of these failed", counts.getNumberOfFailedCalls());
    return Collections.singletonMap("breaker", row);
  }

  @Override
  public List<String> troubles(String method, Settings settings) {
    MethodCircuit circuit = byMethod.get(method);
    String trouble = circuit == null ? null : circuit.trouble();
    return trouble == null ? Collections.emptyList() : Collections.singletonList(trouble);
  }

  @Override
  public void show(PolicyMetrics metrics) {
    BreakerMetrics.show(metrics, this::states);
  }
}
