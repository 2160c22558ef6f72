package io.meshagent.core.fleet;

import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Standing;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A service whose instances stay as they are; the port of each is its number. */
final class SimulatedService implements Service {

  private final Endpoints endpoints;

  SimulatedService(int instances) {
    List<Endpoint> all = new ArrayList<>();
    for (int i = 0; i < instances; i++) {
      Instance instance =
          new Instance("10.0.0.1", i, InetSocketAddress.createUnresolved("10.0.0.1", i), Map.of());
      all.add(new Endpoint(instance, Standing.LIVE, Long.MIN_VALUE / 2));
    }
    endpoints = Endpoints.of(all);
  }

  @Override
  public String name() {
    return "fleet.Service";
  }

  @Override
  public int index() {
    return 0;
  }

  @Override
  public Endpoints endpoints() {
    return endpoints;
  }

  @Override
  public void watch(Watcher watcher) {}

  @Override
  public void unwatch(Watcher watcher) {}
}
