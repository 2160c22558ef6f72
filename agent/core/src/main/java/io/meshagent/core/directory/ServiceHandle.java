package io.meshagent.core.directory;

import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Service;
import io.meshagent.core.log.Log;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** One service of the directory, which alone changes it. Watchers are told under its lock. */
final class ServiceHandle implements Service {

  private final String name;
  private final int index;
  private final List<WeakReference<Watcher>> watchers = new CopyOnWriteArrayList<>();

  /** Volatile: written by the directory under its lock, read by every call. */
  private volatile Endpoints endpoints;

  ServiceHandle(String name, int index, Endpoints endpoints) {
    this.name = name;
    this.index = index;
    this.endpoints = endpoints;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public Endpoints endpoints() {
    return endpoints;
  }

  @Override
  public void watch(Watcher watcher) {
    watchers.removeIf(held -> held.get() == null);
    // Added first: a change that comes between is told twice rather than not at all.
    watchers.add(new WeakReference<>(watcher));
    if (endpoints.state() != Endpoints.State.UNKNOWN) {
      tell(watcher);
    }
  }

  @Override
  public void unwatch(Watcher watcher) {
    watchers.removeIf(held -> held.get() == null || held.get() == watcher);
  }

  /** How many watchers are still wanted by anybody. */
  int watchers() {
    watchers.removeIf(held -> held.get() == null);
    return watchers.size();
  }

  void become(Endpoints next) {
    Endpoints before = endpoints;
    if (before.state() == next.state() && before.instances().equals(next.instances())) {
      return;
    }
    endpoints = next;
    for (WeakReference<Watcher> held : watchers) {
      Watcher watcher = held.get();
      if (watcher != null) {
        tell(watcher);
      }
    }
  }

  private void tell(Watcher watcher) {
    try {
      watcher.changed(this);
    } catch (RuntimeException | LinkageError e) {
      Log.warn("a watcher of service " + name + " failed; the others were told", e);
    }
  }

  @Override
  public String toString() {
    return name + " " + endpoints.state() + " " + endpoints.instances();
  }
}
