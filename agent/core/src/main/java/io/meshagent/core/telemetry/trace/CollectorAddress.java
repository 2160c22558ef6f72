package io.meshagent.core.telemetry.trace;

import io.meshagent.core.api.Instance;
import java.net.URI;
import java.net.URISyntaxException;

/** Where the OTLP collector listens. Immutable. */
final class CollectorAddress {

  /** OTLP's registered port for gRPC. */
  private static final int DEFAULT_PORT = 4317;

  private final String host;
  private final int port;
  private final boolean tls;

  private CollectorAddress(String host, int port, boolean tls) {
    this.host = host;
    this.port = port;
    this.tls = tls;
  }

  /**
   * @throws IllegalArgumentException with the rest of a sentence that begins with "because"
   */
  static CollectorAddress parse(String endpoint) {
    URI uri;
    try {
      uri = new URI(endpoint);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(complaint(endpoint), e);
    }
    boolean tls = "https".equalsIgnoreCase(uri.getScheme());
    if (uri.getHost() == null || !(tls || "http".equalsIgnoreCase(uri.getScheme()))) {
      throw new IllegalArgumentException(complaint(endpoint));
    }
    String host = uri.getHost();
    if (host.startsWith("[")) {
      host = host.substring(1, host.length() - 1);
    }
    return new CollectorAddress(host, uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(), tls);
  }

  private static String complaint(String endpoint) {
    return "\"" + endpoint + "\" is not an address like http://collector:4317";
  }

  String host() {
    return host;
  }

  int port() {
    return port;
  }

  boolean tls() {
    return tls;
  }

  @Override
  public String toString() {
    return (tls ? "https://" : "http://") + Instance.hostPort(host, port);
  }
}
