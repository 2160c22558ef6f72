package io.meshagent.core.route;

/** Is told, for people, what is decided of channels. Thread-safe; returns at once. */
public interface ChannelNews {

  /**
   * As {@link io.meshagent.core.api.KnownChannel#routed}.
   *
   * @param services says how each service goes that is called over it
   */
  void routed(String leftAloneBecause, RoutedServices services);
}
