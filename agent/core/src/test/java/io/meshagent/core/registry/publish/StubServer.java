package io.meshagent.core.registry.publish;

import io.meshagent.core.api.HealthService;
import io.meshagent.core.api.Hosted;
import io.meshagent.core.api.StartedServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;

/** A server of a program as tests need it: it listens nowhere. */
public class StubServer implements StartedServer {

  private final int port;
  private final String scheme;

  /** May be replaced where it may change. */
  List<String> services;

  boolean mayChange;

  /** Thrown instead of an answer, if there is one. */
  RuntimeException failure;

  /** How often it was asked. */
  int asked;

  /** Null for a server without one. */
  HealthService health;

  public StubServer(int port, String scheme, String... services) {
    this.port = port;
    this.scheme = scheme;
    this.services = List.of(services);
  }

  @Override
  public List<SocketAddress> listenSockets() {
    return List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  @Override
  public Hosted hosted() {
    asked++;
    if (failure != null) {
      throw failure;
    }
    return new Hosted(services, health);
  }

  @Override
  public boolean mayChange() {
    return mayChange;
  }

  @Override
  public String scheme() {
    return scheme;
  }

  @Override
  public void shutdown() {}

  @Override
  public boolean awaitTermination(long nanos) {
    return true;
  }
}
