package io.meshagent.core.route;

import io.meshagent.core.api.Endpoint;
import java.util.List;

/** Those that speak as the channel does. Who does not say how it speaks may speak so. */
final class SameScheme implements Step {

  private final String scheme;

  /**
   * @param scheme null for a channel that does not say it either: it may use all
   */
  SameScheme(String scheme) {
    this.scheme = scheme;
  }

  @Override
  public List<Endpoint> of(List<Endpoint> from) {
    return scheme == null ? from : Kept.of(from, this::isOurs);
  }

  @Override
  public String why(Endpoint endpoint) {
    return "speaks "
        + named(endpoint.instance().scheme())
        + ", and the channel speaks "
        + named(scheme);
  }

  /** As people call it. */
  static String named(String scheme) {
    return scheme.equals("http")
        ? "plaintext (http)"
        : scheme.equals("https") ? "TLS (https)" : scheme;
  }

  private boolean isOurs(Endpoint endpoint) {
    String theirs = endpoint.instance().scheme();
    return theirs == null || scheme.equals(theirs);
  }
}
