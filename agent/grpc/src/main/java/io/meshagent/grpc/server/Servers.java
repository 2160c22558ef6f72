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
        mesh.serverStopping(listening, !isOnEventLoop());
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

  /**
   * Whether this is a thread that does Netty's I/O: while it waits, the calls of its connections do
   * too. What runs on it tells, not its type: Vert.x' worker threads are of Netty's type, and
   * programs bring threads of their own for their event loops.
   */
  private static boolean isOnEventLoop() {
    StackTraceElement[] frames = new Throwable().getStackTrace();
    for (StackTraceElement frame : frames) {
      String type = frame.getClassName();
      // The package may be a shaded one, or an incubator's.
      if (frame.getMethodName().equals("run")
          && type.endsWith("EventLoop")
          && type.contains("netty.")
          && type.contains(".channel.")) {
        return true;
      }
    }
    // A JVM can be told to make no stack traces; not to wait harms least.
    return frames.length == 0;
  }
}
