package io.meshagent.grpc.reroute;

import io.grpc.Status;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Route;

/**
 * What is said of a route that leads nowhere: to people on the agent's log, to calls by their
 * status. Confined to the channel's sync context.
 */
final class RouteTrouble {

  private final String service;
  private final String scheme;
  private final String wanted;
  private final Mesh mesh;
  private boolean told;

  /**
   * @param scheme the channel's
   * @param wanted as {@link Route#wanted}
   */
  RouteTrouble(String service, String scheme, String wanted, Mesh mesh) {
    this.service = service;
    this.scheme = scheme;
    this.wanted = wanted;
    this.mesh = mesh;
  }

  /** Instances are there, and none that the channel may use. */
  void nobodyFits() {
    if (!told) {
      told = true;
      String which =
          wanted == null
              ? " speaks " + scheme + " as this channel does"
              : " that speaks " + scheme + " matches " + wanted;
      mesh.warn(
          "no instance of "
              + service
              + which
              + (mesh.fallsBack()
                  ? ", so its calls go to the channel's own target"
                  : ", so its calls fail (discover.fallback)"));
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
        "mesh-agent: no instance of "
            + service
            + (wanted == null ? "" : " that matches " + wanted)
            + " is registered (discover.fallback=fail)");
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
