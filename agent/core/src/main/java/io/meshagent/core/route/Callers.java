package io.meshagent.core.route;

import io.meshagent.core.api.Agent;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Zones;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * How the programs like this one are spread over the zones, for they call what this one calls: the
 * instances of its application that host what it hosts, as the directory has them. Envoy asks its
 * local cluster for that. Of a program that hosts nothing nobody knows. Thread-safe.
 */
public final class Callers implements Service.Watcher {

  /** Programs may host hundreds of services; a few tell enough. */
  private static final int MOST = 10;

  /** A fleet that is restarted changes with each second, and little of that matters. */
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final String application;
  private final Function<String, Service> directory;
  private final Agent agent;
  private final Consumer<Map<String, Integer>> told;
  private final AtomicBoolean planned = new AtomicBoolean();

  /** Guarded by this, as the next. */
  private final List<Service> hosted = new ArrayList<>();

  private Map<String, Integer> last = Collections.emptyMap();

  /**
   * @param application this program's
   * @param directory holds the service of a name for ever
   * @param told of each change, on a thread of the agent's: how many there are in each zone
   */
  public Callers(
      String application,
      Function<String, Service> directory,
      Agent agent,
      Consumer<Map<String, Integer>> told) {
    this.application = application;
    this.directory = directory;
    this.agent = agent;
    this.told = told;
  }

  /** This program hosts these, too: full names of methods. */
  public void hosts(Collection<String> methods) {
    Set<String> names = new HashSet<>();
    for (String method : methods) {
      names.add(method.substring(0, Math.max(0, method.indexOf('/'))));
    }
    for (String name : names) {
      // Of what everybody hosts, a health service for one, the directory tells too much.
      if (!name.startsWith("grpc.") && isNew(name)) {
        Service service = directory.apply(name);
        synchronized (this) {
          hosted.add(service);
        }
        service.watch(this);
      }
    }
  }

  private synchronized boolean isNew(String name) {
    for (Service service : hosted) {
      if (service.name().equals(name)) {
        return false;
      }
    }
    return hosted.size() < MOST;
  }

  @Override
  public void changed(Service service) {
    if (planned.compareAndSet(false, true)) {
      Runnable unused = agent.after(PAUSE_NANOS, this::tell);
    }
  }

  private void tell() {
    planned.set(false);
    Map<String, Integer> now = count();
    synchronized (this) {
      if (now.equals(last)) {
        return;
      }
      last = now;
    }
    told.accept(now);
  }

  private Map<String, Integer> count() {
    List<Service> services;
    synchronized (this) {
      services = new ArrayList<>(hosted);
    }
    Map<String, Integer> byZone = new TreeMap<>();
    Set<String> counted = new HashSet<>();
    for (Service service : services) {
      for (Endpoint endpoint : service.endpoints().list()) {
        Instance instance = endpoint.instance();
        if (application.equals(instance.metadata().get(Instance.Metadata.APPLICATION))
            && counted.add(instance.hostPort())) {
          byZone.merge(Zones.of(instance), 1, Integer::sum);
        }
      }
    }
    return byZone;
  }
}
