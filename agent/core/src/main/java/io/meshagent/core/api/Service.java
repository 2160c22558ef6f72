package io.meshagent.core.api;

/**
 * One service in the directory: a stable object whose {@link #endpoints} change. There is one per
 * service name, until nobody asks for the service and it is nowhere. Thread-safe; {@link
 * #endpoints} is one volatile read.
 */
public interface Service {

  /** The full gRPC service name, {@code helloworld.Greeter}. */
  String name();

  /**
   * A small number of its own, counted from 0: lets a picker find its part by an array index.
   * Another service may get it when this one is forgotten.
   */
  int index();

  /**
   * Whether the directory has let go of it: then it is nowhere for ever, and who keeps anything for
   * it should let go, too. Watchers are told.
   */
  default boolean isForgotten() {
    return false;
  }

  /** What is known now; never null. */
  Endpoints endpoints();

  /**
   * Asks to be told of changes. The watcher is held weakly: keep it as long as you need it. It is
   * told of the present state at once if that is not UNKNOWN.
   */
  void watch(Watcher watcher);

  /** No more calls begin after this returned; one that runs may still finish. */
  void unwatch(Watcher watcher);

  /** Who wants to know of changes. */
  interface Watcher {

    /** The endpoints changed. Called on a thread of the directory: must hand over and return. */
    void changed(Service service);
  }
}
