package io.meshagent.core.api;

import java.net.InetSocketAddress;

/**
 * One channel of the program as the engine knows it. The adapter asks for one when it first sees
 * the channel, and keeps it for as long as the channel lives. Thread-safe; returns at once.
 */
public interface KnownChannel {

  /**
   * The route of a service over this channel, which the caller keeps for as long as it needs it.
   */
  Route route(Service service);

  /**
   * Its own resolver has found addresses.
   *
   * @param only the one that there is; null if there are several, or none was found
   */
  default void resolvedTo(InetSocketAddress only) {}

  /**
   * A call of a service goes the channel's own way, because the service or the channel is left
   * alone. For people; need not be said of each call.
   */
  default void passes(String service) {}

  /**
   * Says, for people, whether the channel's calls go to instances of the directory. Said when that
   * is decided, not per call.
   *
   * @param leftAloneBecause half a sentence; null if they do
   */
  void routed(String leftAloneBecause);
}
