package io.meshagent.grpc.reroute;

import io.grpc.SynchronizationContext;
import io.meshagent.core.api.Instance;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The connections of one channel to instances, shared by the services that they host. Kept by name
 * and address: entries of one name may have found different addresses, and must not close each
 * other's. Confined to the channel's sync context.
 */
final class Connections {

  /** gRPC's five seconds, in all versions, and one for what is late. */
  private static final long KEPT_BY_GRPC_MILLIS = 6_000;

  private final ChannelSync sync;
  private final Runnable onChange;
  private final Map<String, Connection> byPlace = new LinkedHashMap<>();

  /**
   * Those that gRPC keeps for a while after they were closed, and a channel that ends waits for.
   */
  private final List<Connection> leaving = new ArrayList<>();

  /**
   * @param onChange run in the sync context when a connection came up or went down
   */
  Connections(ChannelSync sync, Runnable onChange) {
    this.sync = sync;
    this.onChange = onChange;
  }

  /** The connection to an instance, opened now if there is none; held until its release. */
  Connection hold(Instance instance) {
    Connection connection = byPlace.get(place(instance));
    if (connection == null || !connection.leadsTo(instance)) {
      if (connection != null) {
        letGo(connection);
      }
      connection = new Connection(instance, sync, onChange);
      byPlace.put(place(instance), connection);
      connection.open();
    }
    connection.hold(instance);
    return connection;
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
    connection.close();
    leaving.add(connection);
    SynchronizationContext.ScheduledHandle unused =
        sync.later(KEPT_BY_GRPC_MILLIS, () -> leaving.remove(connection));
  }

  void closeAll() {
    for (Connection connection : new ArrayList<>(byPlace.values())) {
      connection.close();
    }
    byPlace.clear();
    leaving.forEach(Connection::closeAtOnce);
    leaving.clear();
  }
}
