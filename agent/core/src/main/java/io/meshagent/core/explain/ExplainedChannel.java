package io.meshagent.core.explain;

import io.meshagent.core.route.ExplainedRoute;

/** Where a call would go over the channels of one target that are alike. Immutable. */
public final class ExplainedChannel {

  private final String target;
  private final String because;
  private final boolean governed;
  private final ExplainedRoute route;

  /**
   * @param because why calls go to the channel's own target, half a sentence; null if they do not
   * @param governed whether policies apply to its calls
   * @param route null if calls go to its own target
   */
  public ExplainedChannel(String target, String because, boolean governed, ExplainedRoute route) {
    this.target = target;
    this.because = because;
    this.governed = governed;
    this.route = route;
  }

  String target() {
    return target;
  }

  /** Null if calls do not go to its own target. */
  String because() {
    return because;
  }

  boolean isGoverned() {
    return governed;
  }

  /** Null if calls go to its own target. */
  ExplainedRoute route() {
    return route;
  }
}
