package io.meshagent.core.route;

import io.meshagent.core.api.Endpoint;
import io.meshagent.core.config.InstanceLabels;
import java.util.List;

/** Those that a channel's target stands for, where {@code discover.map} says so. */
final class Labelled implements Step {

  private final InstanceLabels labels;

  /**
   * @param labels null if any will do
   */
  Labelled(InstanceLabels labels) {
    this.labels = labels;
  }

  @Override
  public List<Endpoint> of(List<Endpoint> from) {
    return labels == null
        ? from
        : Kept.of(from, endpoint -> labels.match(endpoint.instance().metadata()));
  }

  @Override
  public String why(Endpoint endpoint) {
    return "is not " + labels + ", which the channel's target stands for (discover.map)";
  }
}
