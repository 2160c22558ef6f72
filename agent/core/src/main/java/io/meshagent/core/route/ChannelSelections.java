package io.meshagent.core.route;

import io.meshagent.core.balance.ServiceBalancer;
import io.meshagent.core.config.InstanceLabels;

/**
 * The selections for channels of one kind: another one whenever what a service's settings say, or
 * what can be reached of it, has changed. Immutable.
 */
final class ChannelSelections {

  private final Selections all;
  private final String scheme;
  private final InstanceLabels mapped;

  /**
   * @param scheme null where it is not known
   * @param mapped what the channels' target stands for; null for nothing
   */
  ChannelSelections(Selections all, String scheme, InstanceLabels mapped) {
    this.all = all;
    this.scheme = scheme;
    this.mapped = mapped;
  }

  /** What the channels speak; null where it is not known. */
  String scheme() {
    return scheme;
  }

  /** The one in force for a service. */
  Selection of(ServiceBalancer balancer) {
    return all.of(scheme, mapped, balancer.rule(), balancer.isWide());
  }

  /** The one that keeps to the own zone where it can. */
  Selection near(ServiceBalancer balancer) {
    return all.of(scheme, mapped, balancer.rule(), false);
  }
}
