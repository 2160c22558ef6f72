package io.meshagent.grpc.reroute;

import io.grpc.SynchronizationContext;
import io.meshagent.core.api.Instance;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The connections of one channel to instances, shared by the services that they host. Kept by name
 * and address: entries of one name may have found different addresses, and must not close each
 * other's. Confined to the channel's sync context.
 */
final class Connections {

  /** gRPC's five seconds, in all versions, and one for what is late. */
  private static final long KEPT_BY_GRPC_MILLIS = 6_000;

  /** Old versions of gRPC fail a stream that is not open yet when its connection closes. */
  private static final long UNUSED_GRACE_MILLIS = 500;

  /** By then a place is free that no stream came for, see {@code StreamCount}. */
  private static final long FORGOTTEN_MILLIS = 2_500;

  /** How often within the time a connection is looked at that carries nothing. */
  private static final int LOOKS = 4;

  private final ChannelSync sync;
  private final long mostIdleNanos;
  private final Runnable onChange;
  private final Runnable onRoom;
  private final Map<String, Connection> byPlace = new LinkedHashMap<>();

  /**
   * Those that gRPC keeps for a while after they were closed, and a channel that ends waits for.
   */
  private final List<Link> leaving = new ArrayList<>();

  /** By which name the health of instances is checked. Null if it is not. */
  private String checkedService;

  /** The last that got a link by need. Null until one did. */
  private Connection growing;

  private boolean changesLater;
  private boolean looking;
  private boolean ended;

  /**
   * @param onChange run in the sync context when a connection came up or went down
   * @param onRoom run by any thread when calls that found all streams taken may try again
   */
  Connections(ChannelSync sync, Runnable onChange, Runnable onRoom) {
    this.sync = sync;
    this.mostIdleNanos = sync.mesh().mostIdleNanos();
    this.onChange = onChange;
    this.onRoom = onRoom;
  }

  void changed() {
    onChange.run();
  }

  String checkedService() {
    return checkedService;
  }

  /**
   * Has the health of all instances checked from now on, or not.
   *
   * @param service the name that they are asked for; null for no check
   */
  void checkHealth(String service) {
    if (!Objects.equals(service, checkedService)) {
      checkedService = service;
      new ArrayList<>(byPlace.values()).forEach(Connection::checkHealth);
    }
  }

  /** Any thread. */
  void hasRoom() {
    onRoom.run();
  }

  /**
   * The connection to an instance, opened if there is none; held until its release.
   *
   * @param atOnce whether calls depend on it
   * @param delayMillis how long opening it is to be put off
   */
  Connection hold(Instance instance, boolean atOnce, long delayMillis) {
    Connection connection = byPlace.get(place(instance));
    if (connection == null || !connection.leadsTo(instance)) {
      if (connection != null) {
        letGo(connection);
      }
      connection = new Connection(instance, sync, this);
      byPlace.put(place(instance), connection);
      connection.open(atOnce, delayMillis);
      lookLater();
    }
    connection.hold(instance);
    return connection;
  }

  /** A call waits for room, which may come without a sign: as a place that no stream came for. */
  void changeLater() {
    if (!changesLater) {
      changesLater = true;
      later(
          FORGOTTEN_MILLIS,
          () -> {
            changesLater = false;
            changed();
          });
    }
  }

  /** Whether a link may come by need: one after the other, whoever of the calls asks. */
  boolean mayGrow(Connection connection) {
    boolean may = growing == null || !growing.isGrowing();
    growing = may ? connection : growing;
    return may;
  }

  private void lookLater() {
    if (mostIdleNanos > 0 && !looking) {
      looking = true;
      later(TimeUnit.NANOSECONDS.toMillis(mostIdleNanos / LOOKS), this::look);
    }
  }

  /** What nobody has used for long rests. */
  private void look() {
    looking = false;
    long now = sync.mesh().nanoTime();
    boolean changed = false;
    for (Connection connection : byPlace.values()) {
      changed |= connection.rest(now, mostIdleNanos);
    }
    if (changed) {
      changed();
    }
    lookLater();
  }

  /** Runs it in the sync context now or soon. Any thread. */
  void inSync(Runnable task) {
    sync.execute(
        () -> {
          if (!ended) {
            task.run();
          }
        });
  }

  private static String place(Instance instance) {
    return instance.hostPort() + " " + instance.address();
  }

  /** Whether there is one to this instance that {@link #hold} would use. */
  boolean leadTo(Instance instance) {
    Connection connection = byPlace.get(place(instance));
    return connection != null && connection.leadsTo(instance);
  }

  boolean isAnyReady() {
    for (Connection connection : byPlace.values()) {
      if (connection.isReady()) {
        return true;
      }
    }
    return false;
  }

  /** Closes what no route holds any more; calls in flight on it go on to their end. */
  void closeUnused() {
    for (Iterator<Connection> all = byPlace.values().iterator(); all.hasNext(); ) {
      Connection connection = all.next();
      if (!connection.isHeld()) {
        all.remove();
        letGo(connection);
      }
    }
  }

  private void letGo(Connection connection) {
    connection.close().forEach(this::keepAsLeaving);
  }

  /** For a link that calls may have been given a moment ago. */
  void letGoLater(Link link) {
    leaving.add(link);
    later(
        UNUSED_GRACE_MILLIS,
        () -> {
          link.close();
          leaving.remove(link);
          keepAsLeaving(link);
        });
  }

  private void keepAsLeaving(Link link) {
    leaving.add(link);
    later(KEPT_BY_GRPC_MILLIS, () -> leaving.remove(link));
  }

  /** Runs it in the sync context after a while, unless the channel has ended by then. */
  void later(long millis, Runnable task) {
    SynchronizationContext.ScheduledHandle unused =
        sync.later(
            millis,
            () -> {
              if (!ended) {
                task.run();
              }
            });
  }

  void closeAll() {
    ended = true;
    for (Connection connection : new ArrayList<>(byPlace.values())) {
      List<Link> unused = connection.close();
    }
    byPlace.clear();
    leaving.forEach(Link::closeAtOnce);
    leaving.clear();
  }
}
