package io.meshagent.core.directory;

import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Standing;
import io.meshagent.core.config.Drains;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All instances of one service that the directory knows. Confined to the directory's lock. */
final class KnownService {

  private final String name;
  private final Map<String, KnownInstance> byHostPort = new TreeMap<>();
  private final int[] standings = new int[Standing.values().length];

  KnownService(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  /** Null if there is none. */
  KnownInstance at(String hostPort) {
    return byHostPort.get(hostPort);
  }

  /** Takes the place of what was at its host:port, which is returned. */
  KnownInstance put(KnownInstance next) {
    KnownInstance before = byHostPort.put(next.hostPort(), next);
    count(before, -1);
    count(next, 1);
    return before;
  }

  /** Null if there was none. */
  KnownInstance remove(String hostPort) {
    KnownInstance before = byHostPort.remove(hostPort);
    count(before, -1);
    return before;
  }

  private void count(KnownInstance instance, int more) {
    if (instance != null) {
      standings[instance.standing().ordinal()] += more;
    }
  }

  int count(Standing standing) {
    return standings[standing.ordinal()];
  }

  boolean isEmpty() {
    return byHostPort.isEmpty();
  }

  /** Sorted by host:port; a view. */
  Collection<KnownInstance> all() {
    return byHostPort.values();
  }

  /** The same as the routes see them. */
  List<Endpoint> endpoints(Drains drains) {
    List<Endpoint> endpoints = new ArrayList<>(byHostPort.size());
    byHostPort.values().forEach(each -> endpoints.add(each.endpoint(drains)));
    return endpoints;
  }

  /** Sorted by host:port; a copy. */
  List<Instance> instances() {
    List<Instance> instances = new ArrayList<>(byHostPort.size());
    byHostPort.values().forEach(each -> instances.add(each.instance()));
    return instances;
  }
}
