package io.meshagent.grpc.base;

import io.meshagent.core.api.KnownChannel;
import io.meshagent.core.api.Mesh;
import io.meshagent.grpc.base.ChannelFacts.Trait;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Executor;

/** What was decided of each channel, by identity. Thread-safe. */
public final class Channels {

  private final Mesh mesh;
  private final IdentityCache<Object, ChannelFacts> facts = new IdentityCache<>();

  public Channels(Mesh mesh) {
    this.mesh = mesh;
  }

  /** The facts of a {@code ManagedChannelImpl}. */
  public ChannelFacts of(Object channel) {
    ChannelFacts known = facts.find(channel);
    return known != null ? known : facts.add(channel, look(channel, mesh));
  }

  private static ChannelFacts look(Object channel, Mesh mesh) {
    String target = String.valueOf(GrpcInternals.field(channel, "target"));
    Transport transport = Transport.ofChannel(channel);
    Object executor = GrpcInternals.field(channel, "executor");
    boolean control = target.startsWith("xds:") || target.startsWith("google-c2p:");
    boolean socketFile = target.startsWith("unix:");
    boolean governed = transport.isNetwork() && !control && !socketFile;
    boolean leads = governed && transport.isReroutable();
    String excluded = leads ? mesh.leftAlone(target) : null;
    KnownChannel known = mesh.channel(target, transport.scheme(), governed);
    if (control) {
      known.routed("xDS says where its calls go");
    } else if (transport.isNetwork() && !leads) {
      known.routed("its transport can't connect to any host and port");
    }
    if (excluded != null) {
      known.routed(excluded);
    }
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    if (governed) {
      traits.add(Trait.GOVERNED);
    }
    if (leads && excluded == null) {
      traits.add(Trait.REROUTABLE);
    }
    if (Boolean.TRUE.equals(GrpcInternals.field(channel, "retryEnabled"))) {
      traits.add(Trait.REPEATING);
    }
    return new ChannelFacts(
        target,
        known,
        transport.scheme(),
        traits,
        executor instanceof Executor ? (Executor) executor : null,
        new ShutdownWatch(channel, mesh));
  }
}
