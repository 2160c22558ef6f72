package io.meshagent.core.api;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.function.UnaryOperator;

/** What the directory knows of one service at one moment, or a part of it. Immutable. */
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

  private static final Endpoint[] NONE = {};

  /** Not known yet. */
  public static final Endpoints UNKNOWN = new Endpoints(State.UNKNOWN, NONE, null);

  /** Known to be nowhere. */
  public static final Endpoints ABSENT = new Endpoints(State.ABSENT, NONE, null);

  /** A part of these, and who chose it. */
  private static final class Part {
    final UnaryOperator<Endpoints> chosenBy;
    final Endpoints chosen;

    /** Null for the first one. */
    final Part before;

    Part(UnaryOperator<Endpoints> chosenBy, Endpoints chosen, Part before) {
      this.chosenBy = chosenBy;
      this.chosen = chosen;
      this.before = before;
    }
  }

  private final State state;
  private final Endpoint[] endpoints;

  /** Null where calls go by no zone. */
  private final Zones zones;

  /** The last part that was chosen. Volatile: added to under the lock, read by anybody. */
  private volatile Part parts;

  private Endpoints(State state, Endpoint[] endpoints, Zones zones) {
    this.state = state;
    this.endpoints = endpoints;
    this.zones = zones;
  }

  /** Those of a known list; an empty one is {@link #ABSENT}. The list is copied. */
  public static Endpoints of(Collection<Endpoint> endpoints) {
    return of(endpoints, null);
  }

  /**
   * The same, as a part that was chosen by zones.
   *
   * @param zones null if they made no difference
   */
  public static Endpoints of(Collection<Endpoint> endpoints, Zones zones) {
    return endpoints.isEmpty()
        ? ABSENT
        : new Endpoints(State.PRESENT, endpoints.toArray(NONE), zones);
  }

  public State state() {
    return state;
  }

  /** All of them, ordered by {@code host:port}; empty unless the state is PRESENT. */
  public List<Endpoint> list() {
    return Collections.unmodifiableList(Arrays.asList(endpoints));
  }

  /** What they were chosen by; null if zones made no difference, and in what the directory says. */
  public Zones zones() {
    return zones;
  }

  /** Their instances, in the same order. */
  public List<Instance> instances() {
    return new Instances(endpoints);
  }

  /**
   * The part that somebody chooses of these: chosen by the first who asks, and the same for all who
   * ask later. Each chooser costs a comparison, so there are to be few.
   *
   * @param chooser known by its identity
   */
  public Endpoints part(UnaryOperator<Endpoints> chooser) {
    Endpoints known = endpoints.length == 0 ? this : find(chooser);
    return known == null ? choose(chooser) : known;
  }

  private synchronized Endpoints choose(UnaryOperator<Endpoints> chooser) {
    Endpoints known = find(chooser);
    if (known == null) {
      known = chooser.apply(this);
      parts = new Part(chooser, known, parts);
    }
    return known;
  }

  private Endpoints find(UnaryOperator<Endpoints> chooser) {
    for (Part part = parts; part != null; part = part.before) {
      if (part.chosenBy == chooser) {
        return part.chosen;
      }
    }
    return null;
  }

  /** Whether both know the same: of most endpoints a look at the reference tells. */
  @Override
  public boolean equals(Object o) {
    return o == this
        || (o instanceof Endpoints
            && state == ((Endpoints) o).state
            && Objects.equals(zones, ((Endpoints) o).zones)
            && Arrays.equals(endpoints, ((Endpoints) o).endpoints));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(endpoints);
  }

  @Override
  public String toString() {
    return state + " " + Arrays.toString(endpoints);
  }

  /** A view, which costs nothing where an endpoint is all that is asked for. */
  private static final class Instances extends AbstractList<Instance> implements RandomAccess {

    private final Endpoint[] endpoints;

    Instances(Endpoint[] endpoints) {
      this.endpoints = endpoints;
    }

    @Override
    public Instance get(int index) {
      return endpoints[index].instance();
    }

    @Override
    public int size() {
      return endpoints.length;
    }
  }
}
