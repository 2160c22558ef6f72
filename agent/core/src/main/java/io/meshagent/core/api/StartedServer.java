package io.meshagent.core.api;

import java.net.SocketAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * A server of the program that has bound its ports, as its adapter sees it. The engine calls it on
 * threads of its own.
 */
public interface StartedServer {

  /** Where it listens, with real ports. */
  List<SocketAddress> listenSockets();

  /** The full names of all the services that it hosts now. */
  Collection<String> services();

  /** The full names of their methods. */
  default Collection<String> methods() {
    return Collections.emptyList();
  }

  /** {@code http} for plaintext, {@code https} for TLS, null if the adapter can't tell. */
  String scheme();

  /** The health service that it hosts, or null if there is none. */
  HealthService health();

  /** Shuts it down as the program would: no new calls, those in flight go on. */
  void shutdown();

  /**
   * Waits until its calls and connections have ended.
   *
   * @return false if the time was over before
   */
  boolean awaitTermination(long nanos) throws InterruptedException;
}
