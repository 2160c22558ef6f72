package io.meshagent.core.policy.fault;

import io.meshagent.core.config.Key;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.Policy;
import java.util.List;
import java.util.function.LongSupplier;

/** Delays and fails calls because somebody wants to see what comes of it, on either side. */
public final class FaultPolicy implements Policy {

  @Override
  public String name() {
    return "fault";
  }

  @Override
  public List<Key<?>> keys() {
    return FaultKeys.ALL;
  }

  @Override
  public List<Key<?>> switches() {
    return FaultKeys.SWITCHES;
  }

  @Override
  public ActivePolicy start(LongSupplier nanoTime) {
    return new Faults();
  }
}
