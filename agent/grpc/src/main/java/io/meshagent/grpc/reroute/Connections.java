package io.meshagent.grpc.reroute;

import io.grpc.LoadBalancer.Helper;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Mesh;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The connections of one channel to instances, shared by the services that they host. Confined to
 * the channel's sync context.
 */
final class Connections {

  private final Helper helper;
  private final Mesh mesh;
  private final Runnable onChange;
  private final Map<String, Connection> byHostPort = new LinkedHashMap<>();

  /**
   * @param onChange run in the sync context when a connection came up or went down
   */
  Connections(Helper helper, Mesh mesh, Runnable onChange) {
    this.helper = helper;
    this.mesh = mesh;
    this.onChange = onChange;
  }

  /** The connection to an instance, opened now if there is none; held until its release. */
  Connection hold(Instance instance) {
    Connection connection = byHostPort.get(instance.hostPort());
    if (connection == null || !connection.leadsTo(instance)) {
      if (connection != null) {
        connection.close();
      }
      connection = new Connection(instance, helper, mesh, onChange);
      byHostPort.put(instance.hostPort(), connection);
      connection.open();
    }
    connection.hold();
    return connection;
  }

  /** Whether there is one to this instance that {@link #hold} would use. */
  boolean leadTo(Instance instance) {
    Connection connection = byHostPort.get(instance.hostPort());
    return connection != null && connection.leadsTo(instance);
  }

  boolean isAnyReady() {
    for (Connection connection : byHostPort.values()) {
      if (connection.isReady()) {
        return true;
      }
    }
    return false;
  }

  /** Closes what no route holds any more; calls in flight on it go on to their end. */
  void closeUnused() {
    for (Iterator<Connection> all = byHostPort.values().iterator(); all.hasNext(); ) {
      Connection connection = all.next();
      if (!connection.isHeld()) {
        all.remove();
        connection.close();
      }
    }
  }

  void closeAll() {
    for (Connection connection : new ArrayList<>(byHostPort.values())) {
      connection.close();
    }
    byHostPort.clear();
  }
}
