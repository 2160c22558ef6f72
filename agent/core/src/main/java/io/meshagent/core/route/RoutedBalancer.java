package io.meshagent.core.route;

import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.balance.ServiceBalancer;
import io.meshagent.core.route.rule.Routing;

/**
 * Spreads the attempts on one service by a routing, for the channels of one scheme: over each group
 * as the service's balancer spreads them. Another routing is another one of these. Thread-safe.
 */
final class RoutedBalancer implements Balancer {

  private final Routing routing;
  private final Splitting splitting;
  private final ServiceBalancer balancer;

  RoutedBalancer(Routing routing, Selection selection, ServiceBalancer balancer) {
    this.routing = routing;
    this.splitting = new Splitting(routing, selection);
    this.balancer = balancer;
  }

  Split split(Endpoints known) {
    return splitting.of(known);
  }

  @Override
  public boolean readsStatistics() {
    return balancer.readsStatistics();
  }

  @Override
  public boolean readsAttempts() {
    return routing.lane() != null || routing.rule().readsCalls() || balancer.readsAttempts();
  }

  @Override
  public boolean decides() {
    return true;
  }

  @Override
  public Picker picker(Candidates candidates) {
    balancer.stand(candidates);
    return new RoutedPicker(routing, split(candidates.known()), candidates, balancer);
  }
}
