package io.meshagent.core.route;

import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Service;

/** A service that nobody holds: what the directory has of it at one moment. Immutable. */
final class SupposedService implements Service {

  private final String name;
  private final Endpoints known;

  SupposedService(String name, Endpoints known) {
    this.name = name;
    this.known = known;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int index() {
    return 0;
  }

  @Override
  public Endpoints endpoints() {
    return known;
  }

  @Override
  public void watch(Watcher watcher) {}

  @Override
  public void unwatch(Watcher watcher) {}
}
