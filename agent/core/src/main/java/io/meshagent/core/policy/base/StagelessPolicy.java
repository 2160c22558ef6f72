package io.meshagent.core.policy.base;

import io.meshagent.core.config.Key;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

/** A policy that is no stage of a call: whoever does what its keys say asks for them. Immutable. */
public class StagelessPolicy implements Policy {

  private final String name;
  private final List<Key<?>> keys;

  /** With these keys, in the order of the reference. */
  public StagelessPolicy(String name, Key<?>... keys) {
    this.name = name;
    this.keys = Collections.unmodifiableList(Arrays.asList(keys.clone()));
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final List<Key<?>> keys() {
    return keys;
  }

  @Override
  public final ActivePolicy start(LongSupplier nanoTime) {
    return (method, settings) -> null;
  }
}
