package io.meshagent.core.api;

import java.util.Collections;
import java.util.List;

/**
 * The way of one service for the channels of one scheme: which endpoints, and how attempts are
 * spread over them. Thread-safe.
 */
public interface Route {

  Service service();

  /**
   * What it uses of the endpoints that are known: ABSENT where the service is present and nothing
   * of it may be used. Chosen once for each change, for all channels.
   *
   * @param known what {@link Service#endpoints} has said
   */
  Endpoints used(Endpoints known);

  /**
   * Nothing of what it uses is connected, and of some it is known that it can't be reached.
   *
   * @return whether {@link #used} says more from now on
   */
  default boolean reachesFurther() {
    return false;
  }

  /**
   * Whether calls stay with the channel's own connections instead: asked again whenever a watcher
   * is told of a change.
   *
   * @param known as for {@link #used}
   */
  default Keeping keeps(Endpoints known) {
    return Keeping.NOTHING;
  }

  /** What an instance has to be, beside speaking as the channel does, for people; null for all. */
  default String wanted() {
    return null;
  }

  /** As {@link Service#watch}; told also when this route alone has changed. Once a route. */
  default void watch(Service.Watcher watcher) {
    service().watch(watcher);
  }

  default void unwatch(Service.Watcher watcher) {
    service().unwatch(watcher);
  }

  /**
   * The parts of what is used of which a channel needs some at once, since there are calls for
   * which none of the other parts will do.
   */
  default List<Endpoints> parts(Endpoints known) {
    return Collections.singletonList(used(known));
  }

  /** How attempts are spread. Another object when it has become another choice of endpoints. */
  Balancer balancer();

  /**
   * What this JVM has seen of an instance, shared by all routes: only for a balancer that
   * {@linkplain Balancer#readsStatistics reads} it. The caller holds it for as long as it counts.
   */
  Statistics statistics(Instance instance);
}
