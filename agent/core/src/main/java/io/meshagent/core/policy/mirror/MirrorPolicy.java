package io.meshagent.core.policy.mirror;

import io.meshagent.core.config.Key;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.Policy;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/** Sends copies of calls to instances that are tried out. */
public final class MirrorPolicy implements Policy {

  @Override
  public String name() {
    return "mirror";
  }

  @Override
  public List<Key<?>> keys() {
    return Arrays.asList(MirrorKeys.MIRROR, MirrorKeys.MAX);
  }

  @Override
  public ActivePolicy start(LongSupplier nanoTime) {
    return new Mirrors();
  }
}
