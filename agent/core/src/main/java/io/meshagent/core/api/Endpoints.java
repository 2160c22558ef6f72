package io.meshagent.core.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What the directory knows of one service at one moment. Immutable. */
public final class Endpoints {

  /** Whether the directory can answer at all. */
  public enum State {
    /**
     * The first list has not arrived yet: wait for it, for as long as the directory is willing to.
     */
    UNKNOWN,
    /** The directory is known and has no instance of the service. */
    ABSENT,
    /** At least one instance is registered. */
    PRESENT
  }

  /** Not known yet. */
  public static final Endpoints UNKNOWN = new Endpoints(State.UNKNOWN, Collections.emptyList());

  /** Known to be nowhere. */
  public static final Endpoints ABSENT = new Endpoints(State.ABSENT, Collections.emptyList());

  private final State state;
  private final List<Instance> instances;

  private Endpoints(State state, List<Instance> instances) {
    this.state = state;
    this.instances = instances;
  }

  /** The endpoints for a known list; an empty one is {@link #ABSENT}. The list is copied. */
  public static Endpoints of(List<Instance> instances) {
    return instances.isEmpty()
        ? ABSENT
        : new Endpoints(State.PRESENT, Collections.unmodifiableList(new ArrayList<>(instances)));
  }

  public State state() {
    return state;
  }

  /** The instances, ordered by {@code host:port}; empty unless the state is PRESENT. */
  public List<Instance> instances() {
    return instances;
  }
}
