package io.meshagent.core.engine;

import io.meshagent.core.api.Instance;
import io.meshagent.core.api.StartedServer;
import io.meshagent.core.explain.AskedCall;
import io.meshagent.core.explain.ExplainedServer;
import io.meshagent.core.explain.Explanation;
import io.meshagent.core.registry.EntryState;
import io.meshagent.core.registry.RegistrationState;
import io.meshagent.core.registry.RegistrationStatus;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.publish.Standings.Standing;
import io.meshagent.core.telemetry.metrics.CallCounts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What this program serves, for the page that explains calls. Runs no code of the program's: of a
 * server that may change it knows what the registrar saw last. Thread-safe.
 */
final class ServedHere implements Explanation.Servers {

  private final Parts parts;
  private final Registry registry;
  private final Function<StartedServer, Standing> standings;

  /**
   * @param standings how a server stands in the registry; null while it is not in it
   */
  ServedHere(Parts parts, Registry registry, Function<StartedServer, Standing> standings) {
    this.parts = parts;
    this.registry = registry;
    this.standings = standings;
  }

  /** One that has shut down is told of only if none runs in its place. */
  @Override
  public List<ExplainedServer> serving(AskedCall call) {
    List<ExplainedServer> running = new ArrayList<>();
    List<ExplainedServer> stopping = new ArrayList<>();
    for (RunningServers.Known each : parts.servers.all()) {
      StartedServer server = each.server();
      Standing standing = server == null ? null : standings.apply(server);
      if (server != null && serves(server, standing, call)) {
        (each.isStopping() ? stopping : running)
            .add(explained(server, each.isStopping(), standing, call.service()));
      }
    }
    return running.isEmpty() ? stopping : running;
  }

  private boolean serves(StartedServer server, Standing standing, AskedCall call) {
    if (standing != null && standing.services().containsKey(call.service())) {
      return true;
    }
    for (String method : server.methods()) {
      if (call.isOfItsService(method)) {
        return true;
      }
    }
    return server.mayChange() && parts.plans.served().contains(call.method());
  }

  private static ExplainedServer explained(
      StartedServer server, boolean stopping, Standing standing, String service) {
    List<String> listens = new ArrayList<>();
    boolean network = server.listenSockets().isEmpty();
    for (SocketAddress socket : server.listenSockets()) {
      network |= socket instanceof InetSocketAddress;
      listens.add(shown(socket));
    }
    EntryState state = standing == null ? null : standing.services().get(service);
    return new ExplainedServer(
        listens,
        server.scheme(),
        network,
        stopping,
        standing == null ? null : standing.place(),
        state == null ? null : state.name().toLowerCase(Locale.ROOT));
  }

  private static String shown(SocketAddress socket) {
    if (socket instanceof InetSocketAddress) {
      InetSocketAddress address = (InetSocketAddress) socket;
      InetAddress bound = address.getAddress();
      return bound != null && bound.isAnyLocalAddress()
          ? "*:" + address.getPort()
          : Instance.hostPort(address.getHostString(), address.getPort());
    }
    return String.valueOf(socket);
  }

  @Override
  public String registration() {
    RegistrationStatus own = registry.status().registration();
    return own.state() == RegistrationState.ALIVE || own.registered() >= own.desired()
        ? null
        : own.registered()
            + " of "
            + own.desired()
            + " entries of this program are in "
            + registry.describe()
            + ", where its registration is "
            + own.state().name().toLowerCase(Locale.ROOT)
            + " (mesh_registration_state).";
  }

  @Override
  public Map<String, CallCounts> counts(Predicate<String> methods) {
    return parts.metrics.callsServed(methods);
  }
}
