package io.meshagent.grpc.server;

import io.grpc.Server;
import io.meshagent.core.api.Mesh;
import java.net.InetSocketAddress;
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
    if (running.putIfAbsent(server, listening) == null) {
      mesh.serverStarted(listening);
    }
  }

  /**
   * A server that may have started, or begun to shut down, before there were hooks.
   *
   * @return whether it runs and can be reached by network
   */
  public boolean found(Server server) {
    if (server.isShutdown()) {
      // It may have passed the hook's place before the hook was there.
      stoppingNow(server);
      return false;
    }
    try {
      started(server);
    } catch (IllegalStateException e) {
      // It has not started: the hook will tell.
      return false;
    }
    ListeningServer listening = running.get(server);
    return listening != null
        && listening.listenSockets().stream().anyMatch(InetSocketAddress.class::isInstance);
  }

  /**
   * {@code shutdown()} is about to run; may wait. Whoever calls it while another thread waits here
   * waits with it; afterwards nobody does.
   */
  public void stopping(Object server) {
    ListeningServer listening = running.get(server);
    if (listening != null) {
      try {
        mesh.serverStopping(listening, !isEventLoop(Thread.currentThread()));
      } finally {
        running.remove(server);
      }
    }
  }

  /** {@code shutdownNow()} is about to run, and {@code shutdown()} as its first act. */
  public void stoppingNow(Object server) {
    ListeningServer listening = running.remove(server);
    if (listening != null) {
      mesh.serverStopping(listening, false);
    }
  }

  /** All of Netty's threads, shaded or not, are of this type: while one waits, its calls do too. */
  private static boolean isEventLoop(Thread thread) {
    for (Class<?> type = thread.getClass(); type != null; type = type.getSuperclass()) {
      if (type.getSimpleName().equals("FastThreadLocalThread")) {
        return true;
      }
    }
    return false;
  }
}
