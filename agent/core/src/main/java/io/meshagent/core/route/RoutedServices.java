package io.meshagent.core.route;

import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Endpoints;
import java.util.Map;

/** The services that are called over one channel. Thread-safe. */
public interface RoutedServices {

  /**
   * Where the calls of each go at this moment, half a sentence by the service's name; null for one
   * that goes the channel's own way.
   */
  Map<String, String> routes();

  /**
   * Where a call would go over the channel now, without one that is made: nothing changes by it.
   *
   * @param service its name
   * @param known what the directory has of it
   * @param call the method and headers asked about
   * @return null where the channel's calls of the service go its own way
   */
  ExplainedRoute explain(String service, Endpoints known, Attempt call);

  /** Whether policies apply to the channel's calls. */
  boolean isGoverned();
}
