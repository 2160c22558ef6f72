package io.meshagent.core.policy.route;

import io.meshagent.core.config.Key;
import io.meshagent.core.config.Keys;
import io.meshagent.core.config.TraceFormat;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.Policy;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

/** What is done by routes, which ask for {@link RouteKeys#routing}. */
public final class RoutePolicies {

  /** Says which instances get which calls. */
  public static final Policy ROUTE =
      new Policy() {
        @Override
        public String name() {
          return "route";
        }

        @Override
        public List<Key<?>> keys() {
          return Collections.singletonList(RouteKeys.ROUTE);
        }

        @Override
        public ActivePolicy start(LongSupplier nanoTime) {
          return new ShownRules();
        }
      };

  /** Keeps calls in their lane. */
  public static final Policy LANE =
      new Policy() {
        @Override
        public String name() {
          return "lane";
        }

        @Override
        public List<Key<?>> keys() {
          return Collections.singletonList(RouteKeys.LANE);
        }

        @Override
        public ActivePolicy start(LongSupplier nanoTime) {
          return (method, settings) ->
              LaneStage.of(
                  method.side(),
                  RouteKeys.lane(settings),
                  settings.get(Keys.TRACING_PROPAGATORS).contains(TraceFormat.BAGGAGE));
        }
      };

  private RoutePolicies() {}
}
