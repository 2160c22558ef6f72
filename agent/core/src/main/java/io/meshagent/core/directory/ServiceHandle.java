package io.meshagent.core.directory;

import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Service;
import io.meshagent.core.log.Log;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** One service of the directory, which alone changes it. Watchers are told under its lock. */
final class ServiceHandle implements Service {

  private final String name;
  private final int index;
  private final List<WeakReference<Watcher>> watchers = new CopyOnWriteArrayList<>();

  /** Those whose last telling failed. Weak, as the others. */
  private final Set<Watcher> untold =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  /** Volatile: written by the directory under its lock, read by every call. */
  private volatile Endpoints endpoints;

  /** Volatile for the same reason. */
  private volatile boolean forgotten;

  /** How many asked for it and have not let it go. Guarded by the directory's lock. */
  private int holders;

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
  public boolean isForgotten() {
    return forgotten;
  }

  void hold() {
    holders++;
  }

  void letGo() {
    holders--;
  }

  boolean isHeld() {
    return holders > 0;
  }

  /**
   * Nothing is told through it any more but this.
   *
   * @return as {@link #become}
   */
  boolean forget() {
    // Before the flag: who watches after it was set is told of it, and only where the state is
    // known.
    endpoints = Endpoints.ABSENT;
    forgotten = true;
    return tellAll();
  }

  @Override
  public void watch(Watcher watcher) {
    watchers.removeIf(held -> held.get() == null);
    // Added first: a change that comes between is told twice rather than not at all.
    watchers.add(new WeakReference<>(watcher));
    if (endpoints.state() != Endpoints.State.UNKNOWN) {
      boolean unused = tell(watcher);
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

  /**
   * Tells the watchers if there is something to tell.
   *
   * @return false if one could not be told: {@link #tellAgain} has to be called later
   */
  boolean become(Endpoints next) {
    Endpoints before = endpoints;
    if (before.equals(next)) {
      return true;
    }
    endpoints = next;
    return tellAll();
  }

  /**
   * Tells the watchers whatever they know.
   *
   * @return as {@link #become}
   */
  boolean tellAll() {
    boolean all = true;
    for (WeakReference<Watcher> held : watchers) {
      Watcher watcher = held.get();
      all &= watcher == null || tell(watcher);
    }
    return all;
  }

  /** Tells those that could not be told, of the present state; false if there are such still. */
  boolean tellAgain() {
    for (Watcher watcher : new ArrayList<>(untold)) {
      untold.remove(watcher);
      boolean unused = tell(watcher);
    }
    return untold.isEmpty();
  }

  /** Any error of one, a thread that can't be made for one, must not keep it from the others. */
  private boolean tell(Watcher watcher) {
    try {
      watcher.changed(this);
      return true;
    } catch (Throwable e) {
      boolean unused = untold.add(watcher);
      Log.warn(
          "a watcher of service " + name + " failed and is told again; the others were told", e);
      return false;
    }
  }

  @Override
  public String toString() {
    return name + " " + endpoints.state() + " " + endpoints.instances();
  }
}
