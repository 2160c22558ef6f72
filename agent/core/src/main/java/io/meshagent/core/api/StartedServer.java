package io.meshagent.core.api;

import java.net.SocketAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * A server of the program that has bound its ports, as its adapter sees it. The engine calls it on
 * threads of its own.
 */
public interface StartedServer {

  /** Where it listens, with real ports. */
  List<SocketAddress> listenSockets();

  /**
   * What it hosts now. Where that {@link #mayChange} it runs code of the program's, which may
   * throw, block or take its time; one thread at a time asks.
   */
  Hosted hosted();

  /** Whether it may host something else later on: the program has brought a registry of its own. */
  boolean mayChange();

  /** The full names of the methods that it was built with. */
  default Collection<String> methods() {
    return Collections.emptyList();
  }

  /** {@code http} for plaintext, {@code https} for TLS, null if the adapter can't tell. */
  String scheme();

  /** What else its clients' agents go by, by the names of {@link Instance.Metadata}. */
  default Map<String, String> facts() {
    return Collections.emptyMap();
  }

  /** Shuts it down as the program would: no new calls, those in flight go on. */
  void shutdown();

  /**
   * Waits until its calls and connections have ended.
   *
   * @return false if the time was over before
   */
  boolean awaitTermination(long nanos) throws InterruptedException;
}
