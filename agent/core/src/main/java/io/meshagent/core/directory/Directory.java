package io.meshagent.core.directory;

import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Service;
import io.meshagent.core.log.Log;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.TaskLoop;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is known of who hosts what. The registry writes it, on its own thread; the adapters read it
 * from any thread through the {@link Service} of a name, without a lock.
 *
 * <p>Until the first list there is nothing to say, and calls wait. That ends when the registry says
 * that its source can't be reached, or when the first wait is over: from then on a service is taken
 * to be nowhere until a list says otherwise, so that a program without its registry works as it
 * would without us.
 */
public final class Directory implements Registry.Listener {

  /** More names than any program calls; a bound, because names can be made up by callers. */
  private static final int MOST_SERVICES = 100_000;

  private final EndpointSelection selection;

  /** Guards the creation of handles and every change of what follows; reads need no lock. */
  private final Object lock = new Object();

  private final Map<String, ServiceHandle> handles = new ConcurrentHashMap<>();

  /** All instances by service, as the registry told them; services without any are not in it. */
  private final Map<String, List<Instance>> known = new ConcurrentHashMap<>();

  /** Volatile: written under the lock, read by views. */
  private volatile boolean listed;

  /** Volatile: written under the lock, read by views. */
  private volatile boolean waiting = true;

  /** How often the registry told of a list or of changes. Volatile: as those above. */
  private volatile long updates;

  /** Volatile: written by the registry's thread, read by views. Null while all is well. */
  private volatile String trouble;

  /**
   * @param firstWaitNanos how long, from now, calls may wait for the first list
   * @param loop for the end of that wait
   * @param selection which of many instances this JVM uses
   */
  public Directory(long firstWaitNanos, TaskLoop loop, EndpointSelection selection) {
    this.selection = selection;
    loop.after(firstWaitNanos, this::stopWaiting);
  }

  /** The handle of a service: always the same one for a name. Any thread; takes no I/O. */
  public Service service(String name) {
    ServiceHandle handle = handles.get(name);
    return handle != null ? handle : create(name);
  }

  private Service create(String name) {
    synchronized (lock) {
      ServiceHandle present = handles.get(name);
      if (present != null) {
        return present;
      }
      if (handles.size() >= MOST_SERVICES) {
        Log.warnOnce(
            "too-many-services",
            "this program called more than "
                + MOST_SERVICES
                + " different services; calls of further ones go where their channels send them");
        return new ServiceHandle(name, MOST_SERVICES, Endpoints.ABSENT);
      }
      ServiceHandle handle = new ServiceHandle(name, handles.size(), endpoints(name));
      handles.put(name, handle);
      return handle;
    }
  }

  /** Called under the lock. */
  private Endpoints endpoints(String name) {
    List<Instance> instances = known.get(name);
    if (instances != null) {
      return Endpoints.of(selection.select(instances));
    }
    return listed || !waiting ? Endpoints.ABSENT : Endpoints.UNKNOWN;
  }

  @Override
  public void listed(Map<String, List<Instance>> services) {
    synchronized (lock) {
      trouble = null;
      listed = true;
      updates = updates + 1;
      Set<String> affected = new HashSet<>(known.keySet());
      affected.addAll(services.keySet());
      affected.addAll(handles.keySet());
      affected.forEach(name -> take(name, services.get(name)));
      update(handles.values());
    }
  }

  @Override
  public void changed(Map<String, List<Instance>> services) {
    synchronized (lock) {
      trouble = null;
      updates = updates + 1;
      services.forEach(this::take);
      services.keySet().forEach(name -> update(handles.get(name)));
    }
  }

  private void take(String name, List<Instance> instances) {
    if (instances == null || instances.isEmpty()) {
      known.remove(name);
    } else {
      known.put(name, selection.distinct(instances));
    }
  }

  @Override
  public void unreachable(String why) {
    trouble = why;
    stopWaiting();
  }

  private void stopWaiting() {
    synchronized (lock) {
      if (waiting) {
        waiting = false;
        update(handles.values());
      }
    }
  }

  private void update(Collection<ServiceHandle> changed) {
    changed.forEach(this::update);
  }

  private void update(ServiceHandle handle) {
    if (handle != null) {
      handle.become(endpoints(handle.name()));
    }
  }

  /** Whether a list has ever arrived. */
  public boolean isListed() {
    return listed;
  }

  /** Why the source can't be reached just now, or null: what is known stays valid meanwhile. */
  public String trouble() {
    return trouble;
  }

  /** How often the registry told of a list or, of several at once, of changes. */
  public long updates() {
    return updates;
  }

  /** How many services have an instance. */
  public int services() {
    return known.size();
  }

  /** How many entries there are; an instance that hosts two services counts twice. */
  public int instances() {
    int count = 0;
    for (List<Instance> instances : known.values()) {
      count += instances.size();
    }
    return count;
  }

  /** All instances by service, both sorted, for people: also those that get no calls. */
  public Map<String, List<Instance>> snapshot() {
    return Collections.unmodifiableMap(new TreeMap<>(known));
  }
}
