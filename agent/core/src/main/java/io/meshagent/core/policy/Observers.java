package io.meshagent.core.policy;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.Stage;
import io.meshagent.core.config.Settings;

/**
 * Makes the stages that watch calls and never refuse them. Implemented by telemetry; asked once for
 * each method and side whenever its plan is compiled, so the same stage may be returned again.
 */
public interface Observers {

  /** Watches nothing. */
  Observers NONE =
      new Observers() {
        @Override
        public Stage metrics(Side side, String method) {
          return null;
        }

        @Override
        public Stage trace(Side side, String method) {
          return null;
        }
      };

  /** Counts and measures the calls of a method; null for none. */
  Stage metrics(Side side, String method);

  /** The same for the calls of all methods together for which nothing is kept; null for none. */
  default Stage metricsOfOthers(Side side) {
    return null;
  }

  /** Writes down the calls of a method, by these settings; null for none. */
  default Stage accessLog(Side side, String method, Settings settings) {
    return null;
  }

  /** Nothing is kept for a method any more: what was made for it can go. */
  default void letGo(Side side, String method) {}

  /** Makes the spans of a method's calls; null for none. */
  Stage trace(Side side, String method);
}
