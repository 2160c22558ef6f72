package io.meshagent.grpc.reroute;

import io.grpc.Channel;
import io.meshagent.core.api.Copies;
import io.meshagent.grpc.base.CopiedCall;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The copies of one channel's calls: where they go, and which are under way. Nothing of the channel
 * waits for them. Confined to the channel's sync context, but for {@link #send}.
 */
final class MirrorRoutes {

  /** Settings may name others again and again while the channel lives. */
  private static final int MOST = 16;

  private final ChannelSync sync;
  private final String scheme;
  private final Connections connections;
  private final Runnable onChange;

  /** By service and destination. Added to in the sync context, read by any thread. */
  private final Map<List<Object>, MirrorRoute> routes = new ConcurrentHashMap<>();

  private final Set<SentCopy> underWay = ConcurrentHashMap.newKeySet();

  /** Volatile: set in the sync context, read by who sends. */
  private volatile boolean ended;

  /**
   * @param onChange as {@link MirrorRoute}'s
   */
  MirrorRoutes(ChannelSync sync, String scheme, Connections connections, Runnable onChange) {
    this.sync = sync;
    this.scheme = scheme;
    this.connections = connections;
    this.onChange = onChange;
  }

  /** Any thread; the copy is written by one of the agent's. The first opens connections only. */
  void send(CopiedCall call) {
    MirrorRoute route = routes.get(key(call));
    if (route == null && routes.size() < MOST) {
      sync.handAsGuest(() -> add(call));
    }
    Channel to = route == null ? null : route.pick();
    if (to == null) {
      call.to().unsent(Copies.End.NO_INSTANCE);
    } else if (call.to().begin()) {
      start(new SentCopy(call, underWay::remove), to);
    }
  }

  private void start(SentCopy copy, Channel to) {
    try {
      sync.mesh()
          .asSlowGuest(
              () -> {
                underWay.add(copy);
                if (ended) {
                  copy.cancel();
                } else {
                  copy.start(to);
                }
              });
    } catch (Throwable e) {
      // No thread is to be had for it.
      copy.cancel();
      sync.failed(e);
    }
  }

  private static List<Object> key(CopiedCall call) {
    return Arrays.asList(call.service(), call.to());
  }

  private void add(CopiedCall call) {
    if (!ended && !routes.containsKey(key(call)) && !call.service().isForgotten()) {
      MirrorRoute route =
          new MirrorRoute(call.service(), call.to(), scheme, connections, sync, onChange);
      routes.put(key(call), route);
      route.begin();
    }
  }

  /** A connection came up or went down. */
  void refresh() {
    routes.values().forEach(MirrorRoute::refresh);
  }

  /** The channel ends, or goes idle: it does not wait for copies. */
  void end() {
    ended = true;
    routes.values().forEach(MirrorRoute::end);
    routes.clear();
    underWay.forEach(SentCopy::cancel);
  }
}
