package io.meshagent.core.route;

import io.meshagent.core.config.InstanceLabels;
import io.meshagent.core.config.KeepAddressed;
import io.meshagent.core.config.TargetMap;

/** What the settings say of channels by their targets. Immutable. */
public final class Targets {

  /** Nothing. */
  public static final Targets NONE = new Targets(TargetMap.NOTHING, KeepAddressed.NEVER);

  private final TargetMap map;
  private final KeepAddressed keepAddressed;

  /**
   * @param map what targets stand for
   * @param keepAddressed whether channels with the address of an instance keep to it
   */
  public Targets(TargetMap map, KeepAddressed keepAddressed) {
    this.map = map;
    this.keepAddressed = keepAddressed;
  }

  /** What a target stands for; null for nothing. */
  InstanceLabels of(String target) {
    return map.of(target);
  }

  KeepAddressed keepAddressed() {
    return keepAddressed;
  }
}
