package io.meshagent.core.route;

import java.util.Map;

/** The services that are called over one channel. Thread-safe. */
public interface RoutedServices {

  /**
   * Where the calls of each go at this moment, half a sentence by the service's name; null for one
   * that goes the channel's own way.
   */
  Map<String, String> routes();

  /** Whether policies apply to the channel's calls. */
  boolean isGoverned();
}
