package io.meshagent.grpc.reroute;

import io.grpc.Status;
import io.meshagent.core.api.Mesh;

/**
 * What is said of a route that leads nowhere: to people on the agent's log, to calls by their
 * status. Confined to the channel's sync context.
 */
final class RouteTrouble {

  private final String service;
  private final String scheme;
  private final Mesh mesh;
  private boolean toldOfScheme;

  /**
   * @param scheme the channel's
   */
  RouteTrouble(String service, String scheme, Mesh mesh) {
    this.service = service;
    this.scheme = scheme;
    this.mesh = mesh;
  }

  /** Instances are there, and none that the channel can speak to. */
  void nobodySpeaksOurs() {
    if (!toldOfScheme) {
      toldOfScheme = true;
      mesh.warn(
          "no instance of "
              + service
              + " speaks "
              + scheme
              + " as this channel does, so its calls go to the channel's own target");
    }
  }

  /** None can be reached, and calls fall back. */
  void nobodyReached() {
    mesh.warn(
        "none of the registered instances of "
            + service
            + " can be reached; its calls go to the channel's own target until one can"
            + " (discover.fallback)");
  }

  Status absent() {
    return Status.UNAVAILABLE.withDescription(
        "mesh-agent: no instance of " + service + " is registered (discover.fallback=fail)");
  }

  /** Of the instances that are connected, the balancer gives the call none. */
  Status nobodyPicked() {
    return Status.UNAVAILABLE.withDescription(
        "mesh-agent: none of the connected instances of "
            + service
            + " may get this call (discover.fallback=fail)");
  }

  /**
   * @param instances how many there are
   * @param last why the last of them can't be reached
   */
  Status unreachable(int instances, Status last) {
    return Status.UNAVAILABLE
        .withDescription(
            "mesh-agent: none of the "
                + instances
                + " registered instances of "
                + service
                + " can be reached, the last one said: "
                + said(last))
        .withCause(last.getCause());
  }

  /** OkHttp's transport describes no failure of a TLS handshake, but has the cause. */
  private static Object said(Status failure) {
    return failure.getDescription() != null ? failure.getDescription() : failure.getCause();
  }
}
