package io.meshagent.core.directory;

import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** How the directory stands, for metrics, the page, the disk and tests. Thread-safe. */
public final class DirectoryView {

  private final Object lock;
  private final KnownInstances known;
  private final AllowedAddresses allowed;
  private final SourceHealth health;
  private final FirstWait firstWait;

  /** Volatile: written under the lock, read by any thread. */
  private volatile long updates;

  /** Volatile as that. Null while all is well. */
  private volatile String trouble;

  /**
   * @param lock the directory's
   */
  DirectoryView(
      Object lock,
      KnownInstances known,
      AllowedAddresses allowed,
      SourceHealth health,
      FirstWait firstWait) {
    this.lock = lock;
    this.known = known;
    this.allowed = allowed;
    this.health = health;
    this.firstWait = firstWait;
  }

  /** With the lock held. */
  void countUpdate() {
    synchronized (lock) {
      updates = updates + 1;
    }
  }

  /** Null for none. */
  void trouble(String why) {
    trouble = why;
  }

  /** Whether a list has ever arrived. */
  public boolean isListed() {
    return firstWait.isListed();
  }

  /** When the directory on disk that calls go by was written; null if they do not. */
  public Instant writtenToDisk() {
    return firstWait.writtenToDisk();
  }

  /** Why the source can't be reached just now, or null: what is known stays valid meanwhile. */
  public String trouble() {
    return trouble;
  }

  /** Whether the source answers. */
  public boolean isHealthy() {
    return health.isHealthy();
  }

  /** How often the registry told of a list or, of several at once, of changes. */
  public long updates() {
    return updates;
  }

  /** How many services have an instance. */
  public int services() {
    return known.names().size();
  }

  /** How many instances there are; one that hosts two services counts twice. */
  public int instances() {
    return known.size();
  }

  /** How many that the registry names are not among them, for nothing may be called there. */
  public int forbidden() {
    return allowed.forbidden();
  }

  /** How many of them the registry no longer names. */
  public int held() {
    return known.held();
  }

  /** How many of them come from the disk. */
  public int stale() {
    return known.stale();
  }

  /** All instances by service, both sorted: also those that get no calls. */
  public Map<String, List<Instance>> snapshot() {
    return all(known::instances);
  }

  /**
   * The endpoints of one service, as routes see them. For people: who calls it asks for the service
   * itself.
   */
  public Endpoints endpoints(String service) {
    List<Endpoint> endpoints;
    synchronized (lock) {
      endpoints = known.shown(service);
    }
    return endpoints.isEmpty() && !isListed() ? Endpoints.UNKNOWN : Endpoints.of(endpoints);
  }

  /** The names of all services that have an instance. */
  public Set<String> names() {
    return known.names();
  }

  /** The same with how each stands, for people. */
  public Map<String, List<KnownInstance>> known() {
    return all(known::known);
  }

  /** One service after the other, so that nobody has to wait for a large directory. */
  private <T> Map<String, List<T>> all(Function<String, List<T>> of) {
    Map<String, List<T>> all = new TreeMap<>();
    for (String name : known.names()) {
      synchronized (lock) {
        List<T> some = of.apply(name);
        if (some != null) {
          all.put(name, some);
        }
      }
    }
    return all;
  }
}
