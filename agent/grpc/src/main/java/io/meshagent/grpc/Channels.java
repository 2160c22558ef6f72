package io.meshagent.grpc;

import io.meshagent.core.api.Mesh;
import java.util.concurrent.Executor;

/** What was decided of each channel, by identity. Thread-safe. */
public final class Channels {

  private final IdentityCache<Object, ChannelFacts> facts;

  public Channels(Mesh mesh) {
    facts = new IdentityCache<>(channel -> look(channel, mesh));
  }

  /** The facts of a {@code ManagedChannelImpl}. */
  public ChannelFacts of(Object channel) {
    return facts.get(channel);
  }

  private static ChannelFacts look(Object channel, Mesh mesh) {
    String target = String.valueOf(Peek.field(channel, "target"));
    Transport transport = Transport.ofChannel(channel);
    Object executor = Peek.field(channel, "executor");
    boolean control = target.startsWith("xds:") || target.startsWith("google-c2p:");
    boolean socketFile = target.startsWith("unix:");
    return new ChannelFacts(
        transport.isNetwork() && !control && !socketFile,
        transport.isReroutable() && !control && !socketFile && mesh.reroutes(target),
        transport.scheme(),
        executor instanceof Executor ? (Executor) executor : null);
  }
}
