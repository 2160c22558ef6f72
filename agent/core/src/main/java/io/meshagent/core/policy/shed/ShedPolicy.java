package io.meshagent.core.policy.shed;

import io.meshagent.core.config.Key;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.Policy;
import io.meshagent.core.run.ThreadLoop;
import java.util.List;
import java.util.function.LongSupplier;

/** Refuses calls that a server's busy machine can't answer in time. */
public final class ShedPolicy implements Policy {

  @Override
  public String name() {
    return "shed";
  }

  @Override
  public List<Key<?>> keys() {
    return ShedKeys.ALL;
  }

  @Override
  public ActivePolicy start(LongSupplier nanoTime) {
    return new Shedding(
        nanoTime, new CpuLoad(CpuReading::ofThisProcess, ThreadLoop.ofGuests("cpu")));
  }
}
