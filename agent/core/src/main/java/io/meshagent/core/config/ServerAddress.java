package io.meshagent.core.config;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * A server that the agent itself talks to (a member of etcd, a trace collector), as {@code
 * http://host:port} or {@code https://host:port} names it. Immutable.
 */
public final class ServerAddress {

  private final String host;
  private final int port;
  private final boolean tls;

  private ServerAddress(String host, int port, boolean tls) {
    this.host = host;
    this.port = port;
    this.tls = tls;
  }

  /**
   * The server that a URL names; what follows host and port is left out.
   *
   * @param defaultPort for a URL without one
   * @return null if the text is no such URL
   */
  public static ServerAddress parse(String url, int defaultPort) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      return null;
    }
    boolean tls = "https".equalsIgnoreCase(uri.getScheme());
    String host = uri.getHost();
    if (host == null || !(tls || "http".equalsIgnoreCase(uri.getScheme()))) {
      return null;
    }
    return new ServerAddress(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        uri.getPort() < 0 ? defaultPort : uri.getPort(),
        tls);
  }

  /** A name, an IPv4 address, or an IPv6 address without brackets. */
  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  /** Whether it is {@code https}. */
  public boolean tls() {
    return tls;
  }

  /** As it was written, but with the port in any case. */
  @Override
  public String toString() {
    String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return (tls ? "https://" : "http://") + bracketed + ":" + port;
  }
}
