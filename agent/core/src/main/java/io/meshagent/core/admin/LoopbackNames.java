package io.meshagent.core.admin;

/**
 * Which names a browser may have used to come to a page on loopback. A web site can point a name of
 * its own to 127.0.0.1 and let its scripts read what answers there (DNS rebinding); the Host header
 * then still carries that name. Stateless.
 */
final class LoopbackNames {

  private LoopbackNames() {}

  /**
   * Whether a request that carries this header is answered.
   *
   * @param hostHeader the name with or without a port, or null if none was sent
   */
  static boolean allow(String hostHeader) {
    if (hostHeader == null) {
      return false;
    }
    String host = withoutPort(hostHeader.trim());
    return host.equalsIgnoreCase("localhost") || host.equals("[::1]") || isLoopbackV4(host);
  }

  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
  }

  private static boolean isLoopbackV4(String host) {
    return host.matches("127(\\.\\d{1,3}){3}");
  }
}
