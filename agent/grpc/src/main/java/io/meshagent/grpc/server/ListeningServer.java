package io.meshagent.grpc.server;

import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.meshagent.core.api.HealthService;
import io.meshagent.core.api.Rights;
import io.meshagent.core.api.StartedServer;
import io.meshagent.grpc.Transport;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * A started {@code Server}, as the engine sees it. What does not change is read at once, on the
 * program's thread: a registry of its own may stand behind the services, and none of the program's
 * code is to leave anything in the engine's threads.
 */
final class ListeningServer implements StartedServer {

  private final Server server;
  private final List<SocketAddress> sockets;
  private final String scheme;
  private final Set<String> services = new TreeSet<>();
  private final List<String> methods = new ArrayList<>();
  private final HealthService health;

  /** Those of whoever started it: what we ask of it on a thread of ours has no others. */
  private final Rights rights = Rights.ofCallers();

  ListeningServer(Server server) {
    this.server = server;
    this.sockets = new ArrayList<>(server.getListenSockets());
    this.scheme = Transport.schemeOfServer(server);
    for (ServerServiceDefinition service : server.getServices()) {
      services.add(service.getServiceDescriptor().getName());
      for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
        methods.add(method.getMethodDescriptor().getFullMethodName());
      }
    }
    this.health = HostedHealth.of(server, rights);
  }

  @Override
  public List<SocketAddress> listenSockets() {
    return sockets;
  }

  @Override
  public Set<String> services() {
    return services;
  }

  @Override
  public List<String> methods() {
    return methods;
  }

  @Override
  public String scheme() {
    return scheme;
  }

  @Override
  public HealthService health() {
    return health;
  }

  @Override
  public void shutdown() {
    rights.run(server::shutdown);
  }

  @Override
  public boolean awaitTermination(long nanos) throws InterruptedException {
    return server.awaitTermination(nanos, TimeUnit.NANOSECONDS);
  }
}
