package io.meshagent.core.policy.base;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.Stage;
import io.meshagent.core.config.Settings;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * A policy at work in one JVM: makes the stages of methods, and keeps what belongs to a method or
 * to a setting for longer than a stage lives. Called on the program's threads, by several at once;
 * thread-safe.
 */
public interface ActivePolicy {

  /**
   * The stage of a method by these settings. Called whenever the method is compiled: what it keeps
   * for the method lives on if the settings for it are the same.
   *
   * @return null if the policy has no part in calls of the method
   */
  Stage stage(PlannedMethod method, Settings settings);

  /**
   * The same for a stage that stands inside of the call's span: what is written into the headers of
   * an attempt is there when it is told of it.
   */
  default Stage innerStage(PlannedMethod method, Settings settings) {
    return null;
  }

  /** The method is kept no more: what was made for it can go. */
  default void letGo(Side side, String method) {}

  /** Where to ask for services that this program hosts. Called once, before the first call. */
  default void hostedBy(HostedServices services) {}

  /**
   * Other settings are in force, by which all methods are compiled again next: what belongs to a
   * setting that is written no more can go.
   */
  default void retain(Settings settings) {}

  /**
   * What the page shows, asked for at each look: by heading, in the order of the page; beneath each
   * are maps, lists, strings, numbers and booleans.
   */
  default Map<String, Object> facts() {
    return Collections.emptyMap();
  }

  /**
   * The same of the calls of one client's method: what is to be said of them beside the rows of
   * {@link #facts} that name the method, its service or a setting that counts for it.
   *
   * @param method full name
   */
  default Map<String, Object> facts(String method) {
    return Collections.emptyMap();
  }

  /**
   * Why calls of a client's method may fail by this policy at this moment, for people: whole
   * sentences.
   *
   * @param method full name
   */
  default List<String> troubles(String method, Settings settings) {
    return Collections.emptyList();
  }

  /**
   * What it would do with a call of a server's method that nobody makes, by these settings and as
   * things are at this moment. Takes no token and no place, and keeps nothing.
   *
   * @return null if the policy has no part in such calls
   */
  default Foresight foresee(SupposedCall call, Settings settings) {
    return null;
  }

  /** Registers the metrics that it shows. Called once. */
  default void show(PolicyMetrics metrics) {}
}
