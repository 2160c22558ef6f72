package io.meshagent.grpc.attach;

import io.grpc.InternalChannelz;
import io.grpc.InternalInstrumented;
import io.grpc.Server;
import io.grpc.SynchronizationContext;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Rights;
import io.meshagent.core.api.TakenOver;
import io.meshagent.grpc.base.Channels;
import io.meshagent.grpc.base.GrpcInternals;
import io.meshagent.grpc.reroute.Rerouting;
import io.meshagent.grpc.reroute.SyncTask;
import io.meshagent.grpc.server.Servers;
import java.util.List;

/**
 * Finds the servers and channels that were there before the hooks, in what gRPC keeps for its
 * diagnosis service: all that have not ended are in there. On a thread of the agent's, for one
 * caller at a time.
 */
public final class Existing {

  private static final int PAGE = 100;

  private final Mesh mesh;
  private final Channels channels;

  /** Null if that part is off. */
  private final Servers servers;

  /** Null if that part is off. */
  private final Rerouting rerouting;

  public Existing(Mesh mesh, Channels channels, Servers servers, Rerouting rerouting) {
    this.mesh = mesh;
    this.channels = channels;
    this.servers = servers;
    this.rerouting = rerouting;
  }

  /** Takes over what there is; what is taken over already stays as it is. */
  public TakenOver takeOver() {
    int foundServers = 0;
    int foundChannels = 0;
    InternalChannelz all = InternalChannelz.instance();
    InternalChannelz.ServerList some;
    long from = 0;
    do {
      some = all.getServers(from, PAGE);
      for (Object server : some.servers) {
        foundServers += server instanceof Server && takeOver((Server) server) ? 1 : 0;
      }
      from = after(some.servers);
    } while (!some.end);
    InternalChannelz.RootChannelList more;
    from = 0;
    do {
      more = all.getRootChannels(from, PAGE);
      for (Object channel : more.channels) {
        foundChannels += takeOver(channel) ? 1 : 0;
      }
      from = after(more.channels);
    } while (!more.end);
    return new TakenOver(foundServers, foundChannels);
  }

  private static long after(List<? extends InternalInstrumented<?>> page) {
    return page.isEmpty() ? 0 : page.get(page.size() - 1).getLogId().getId() + 1;
  }

  private boolean takeOver(Server server) {
    try {
      return servers != null && servers.found(server);
    } catch (RuntimeException e) {
      // It asked the program's own registry of services, and others are to be found yet.
      mesh.failed("taking over a server", e);
      return false;
    }
  }

  private boolean takeOver(Object channel) {
    Object sync = GrpcInternals.field(channel, "syncContext");
    if (!(sync instanceof SynchronizationContext) || !channels.of(channel).isGoverned()) {
      return false;
    }
    if (rerouting != null) {
      SyncTask.hand(
          (SynchronizationContext) sync,
          Rights.ofCallers(),
          mesh,
          "taking over a channel",
          () -> rerouting.takeOver(channel));
    }
    return true;
  }
}
