package io.meshagent.core.registry.etcd.connection;

import java.net.URI;
import java.net.URISyntaxException;

/** One member of etcd, as configured. Immutable. */
final class EtcdEndpoint {

  private static final int CLIENT_PORT = 2379;

  private final String host;
  private final int port;
  private final boolean tls;

  private EtcdEndpoint(String host, int port, boolean tls) {
    this.host = host;
    this.port = port;
    this.tls = tls;
  }

  /**
   * @throws IllegalArgumentException with a sentence, if the text is no endpoint
   */
  static EtcdEndpoint parse(String text) {
    String url = text.contains("://") ? text : "http://" + text;
    try {
      URI uri = new URI(url);
      boolean tls = "https".equals(uri.getScheme());
      if (uri.getHost() == null || (!tls && !"http".equals(uri.getScheme()))) {
        throw new IllegalArgumentException(notOne(text));
      }
      String host = uri.getHost();
      boolean brackets = host.startsWith("[");
      return new EtcdEndpoint(
          brackets ? host.substring(1, host.length() - 1) : host,
          uri.getPort() < 0 ? CLIENT_PORT : uri.getPort(),
          tls);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(notOne(text), e);
    }
  }

  private static String notOne(String text) {
    return "'" + text + "' is no etcd endpoint: write http://host:port or https://host:port";
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
    String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return (tls ? "https://" : "http://") + bracketed + ":" + port;
  }
}
