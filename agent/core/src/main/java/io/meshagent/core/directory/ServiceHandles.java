package io.meshagent.core.directory;

import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Service;
import io.meshagent.core.log.Log;
import io.meshagent.core.run.TaskLoop;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The handles of the services that somebody asks for, and their numbers. Changed under the
 * directory's lock; found without it.
 */
final class ServiceHandles {

  /** More names than any program calls; a bound, because names can be made up by others. */
  private static final int MOST = 100_000;

  /** As it stands in a refusal: no instance of this service is registered. */
  private static final String NOWHERE = "this service";

  private static final long TELL_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Object lock;
  private final TaskLoop loop;
  private final Function<String, Endpoints> endpoints;
  private final Map<String, ServiceHandle> byName = new ConcurrentHashMap<>();

  /**
   * Numbers of handles that were forgotten: pickers have an array by them, which is to be short.
   */
  private final Deque<Integer> free = new ArrayDeque<>();

  private int next;

  /**
   * @param lock the directory's
   * @param endpoints what is known of a service now; called with the lock held
   */
  ServiceHandles(Object lock, TaskLoop loop, Function<String, Endpoints> endpoints) {
    this.lock = lock;
    this.loop = loop;
    this.endpoints = endpoints;
  }

  /** See {@link Directory#service}. */
  Service hold(String name) {
    synchronized (lock) {
      ServiceHandle handle = present(name);
      handle.hold();
      return handle;
    }
  }

  private ServiceHandle present(String name) {
    ServiceHandle handle = byName.get(name);
    return handle != null ? handle : create(name);
  }

  private ServiceHandle create(String name) {
    if (byName.size() >= MOST) {
      Log.warnOnce(
          "too-many-services",
          "this program called more than "
              + MOST
              + " different services; calls of further ones go where their channels send them");
      return new ServiceHandle(name, MOST, Endpoints.ABSENT);
    }
    Integer number = free.poll();
    ServiceHandle handle =
        new ServiceHandle(name, number == null ? next++ : number, endpoints.apply(name));
    byName.put(name, handle);
    return handle;
  }

  /** See {@link Directory#letGo}. */
  void letGo(Service service) {
    synchronized (lock) {
      ServiceHandle handle = (ServiceHandle) service;
      handle.letGo();
      forgetIfUnused(handle);
    }
  }

  /** See {@link Directory#find}. */
  Service find(String name, boolean known) {
    ServiceHandle handle = byName.get(name);
    if (handle == null && !known) {
      handle = byName.get(NOWHERE);
    }
    if (handle != null) {
      return handle;
    }
    synchronized (lock) {
      return known ? present(name) : hold(NOWHERE);
    }
  }

  /** All names that somebody asked for. */
  Set<String> names() {
    return byName.keySet();
  }

  /** Whether somebody asked for it. Any thread. */
  boolean has(String name) {
    return byName.containsKey(name);
  }

  /** With the lock held: something may be known of these services that was not before. */
  void update(Collection<String> names) {
    for (String name : names) {
      ServiceHandle handle = byName.get(name);
      if (handle != null) {
        if (!handle.become(endpoints.apply(name))) {
          tellAgainLater(handle);
        }
        forgetIfUnused(handle);
      }
    }
  }

  /**
   * With the lock held: a service has its first instance. Calls of it may wait at the handle of all
   * that are nowhere, and who watches that finds them where they belong now.
   */
  void appeared() {
    ServiceHandle nowhere = byName.get(NOWHERE);
    if (nowhere != null && !nowhere.tellAll()) {
      tellAgainLater(nowhere);
    }
  }

  private void forgetIfUnused(ServiceHandle handle) {
    if (!handle.isHeld()
        && handle.endpoints().state() != Endpoints.State.PRESENT
        && byName.remove(handle.name(), handle)) {
      free.add(handle.index());
      if (!handle.forget()) {
        tellAgainLater(handle);
      }
    }
  }

  /** At the limit of threads or of memory: what was not heard must not be missed for ever. */
  private void tellAgainLater(ServiceHandle handle) {
    TaskLoop.Timer unused =
        loop.after(
            TELL_AGAIN_NANOS,
            () -> {
              synchronized (lock) {
                if (!handle.tellAgain()) {
                  tellAgainLater(handle);
                }
              }
            });
  }
}
