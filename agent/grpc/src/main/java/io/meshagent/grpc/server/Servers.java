package io.meshagent.grpc.server;

import io.grpc.Server;
import io.meshagent.core.api.Mesh;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;

/** The servers of this copy of gRPC that have started and not begun to shut down. Thread-safe. */
public final class Servers {

  private final Mesh mesh;
  private final Map<Object, ListeningServer> running =
      Collections.synchronizedMap(new IdentityHashMap<>());

  public Servers(Mesh mesh) {
    this.mesh = mesh;
  }

  public void started(Object server) {
    ListeningServer listening = new ListeningServer((Server) server);
    if (running.put(server, listening) == null) {
      mesh.serverStarted(listening);
    }
  }

  /** Called again by {@code shutdownNow} after {@code shutdown}; the first counts. */
  public void stopping(Object server) {
    ListeningServer listening = running.remove(server);
    if (listening != null) {
      mesh.serverStopping(listening);
    }
  }
}
