package io.meshagent.grpc.server;

import io.grpc.HandlerRegistry;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.meshagent.core.api.Hosted;
import io.meshagent.core.api.Rights;
import io.meshagent.core.api.StartedServer;
import io.meshagent.grpc.base.GrpcInternals;
import io.meshagent.grpc.base.Transport;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A started {@code Server}, as the engine sees it. What does not change is read at once. What may
 * change comes from a registry of the program's own, whose code runs on threads of the engine's
 * that end: it may block, which is not to hold up who starts the server, and may leave something in
 * the locals of its thread.
 */
final class ListeningServer implements StartedServer {

  /** Where the registry is that gRPC gives a server for which the program brought none. */
  private static final String OWN_OF_GRPC = "io.grpc.internal.";

  private final Server server;
  private final List<SocketAddress> sockets;
  private final String scheme;
  private final Map<String, String> facts;
  private final List<String> methods = new ArrayList<>();

  /** The loader of what the program brought, or else of gRPC. */
  private final ClassLoader program;

  /** Null if it may change. */
  private final Hosted always;

  /** Those of whoever started it: what we ask of it on a thread of ours has no others. */
  private final Rights rights = Rights.ofCallers();

  /**
   * The health service that was found last. Volatile: each look has a thread of its own, one after
   * the other.
   */
  private volatile HostedHealth health;

  ListeningServer(Server server) {
    this.server = server;
    this.sockets = new ArrayList<>(server.getListenSockets());
    this.scheme = Transport.schemeOfServer(server);
    this.facts = Transport.permittedByServer(server);
    for (ServerServiceDefinition service : server.getImmutableServices()) {
      for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
        methods.add(method.getMethodDescriptor().getFullMethodName());
      }
    }
    Object registry = GrpcInternals.field(server, "fallbackRegistry");
    this.program = Rights.ours(() -> loader(registry == null ? server : registry));
    this.always = registry == null || isListing(registry) ? null : look();
  }

  private static ClassLoader loader(Object of) {
    return of.getClass().getClassLoader();
  }

  /** Whether a registry may tell of services. If that can't be said, it may. */
  private static boolean isListing(Object registry) {
    if (registry.getClass().getName().startsWith(OWN_OF_GRPC)) {
      return false;
    }
    try {
      return Rights.ours(() -> lister(registry)) != HandlerRegistry.class;
    } catch (RuntimeException | LinkageError e) {
      return true;
    }
  }

  /** The class that says what it lists: if that is gRPC's abstract one, it lists nothing. */
  private static Class<?> lister(Object registry) {
    try {
      return registry.getClass().getMethod("getServices").getDeclaringClass();
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  private Hosted look() {
    List<ServerServiceDefinition> services = server.getServices();
    List<String> names = new ArrayList<>(services.size());
    for (ServerServiceDefinition service : services) {
      names.add(service.getServiceDescriptor().getName());
    }
    if (!names.contains(HostedHealth.NAME)) {
      health = null;
    } else if (health == null) {
      // Kept as long as there is one: some registries make what they list anew each time.
      health = HostedHealth.of(services, program, rights);
    }
    return new Hosted(names, health);
  }

  @Override
  public List<SocketAddress> listenSockets() {
    return sockets;
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
  public Map<String, String> facts() {
    return facts;
  }

  @Override
  public boolean mayChange() {
    return always == null;
  }

  @Override
  public Hosted hosted() {
    return always != null ? always : lookAsProgram();
  }

  private Hosted lookAsProgram() {
    Thread thread = Thread.currentThread();
    ClassLoader ours = thread.getContextClassLoader();
    Hosted[] found = new Hosted[1];
    thread.setContextClassLoader(program);
    try {
      rights.run(() -> found[0] = look());
    } finally {
      thread.setContextClassLoader(ours);
    }
    return found[0];
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
