package io.meshagent.grpc.reroute;

import io.grpc.Channel;
import io.meshagent.core.api.Copies;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Service;
import io.meshagent.grpc.base.CallerHeader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The connections of one channel over which copies of a service's calls go to some of its
 * instances. Confined to the channel's sync context, but for {@link #changed} and {@link #pick}.
 */
final class MirrorRoute implements Service.Watcher {

  /** Copies are few; a connection to each of very many instances is not worth them. */
  private static final int MOST = 3;

  private static final Channel[] NONE = {};

  private final Service service;
  private final Copies copies;
  private final String scheme;
  private final Connections connections;
  private final ChannelSync sync;
  private final Runnable onChange;

  /** By {@code host:port}. */
  private final Map<String, Connection> used = new LinkedHashMap<>();

  /** Volatile: replaced as a whole, read by whoever has a copy. */
  private volatile Channel[] ready = NONE;

  /**
   * @param scheme the channel's; null if it is not known
   * @param onChange run in the sync context when connections may have become unused
   */
  MirrorRoute(
      Service service,
      Copies copies,
      String scheme,
      Connections connections,
      ChannelSync sync,
      Runnable onChange) {
    this.service = service;
    this.copies = copies;
    this.scheme = scheme;
    this.connections = connections;
    this.sync = sync;
    this.onChange = onChange;
  }

  void begin() {
    service.watch(this);
    update();
  }

  @Override
  public void changed(Service of) {
    sync.handAsGuest(
        () -> {
          update();
          onChange.run();
        });
  }

  private void update() {
    List<Instance> fitting = new ArrayList<>();
    for (Endpoint endpoint : service.endpoints().list()) {
      Instance each = endpoint.instance();
      boolean speaks = scheme == null || each.scheme() == null || scheme.equals(each.scheme());
      // One of weight 0 gets nothing but copies, which is a good way to try it out.
      if (speaks && !endpoint.isDraining() && copies.fit(each)) {
        fitting.add(each);
      }
    }
    Map<String, Connection> before = new LinkedHashMap<>(used);
    used.clear();
    for (Instance each : chosen(fitting, before)) {
      used.put(each.hostPort(), connections.hold(each, false, 0));
    }
    before.values().forEach(Connection::release);
    refresh();
  }

  /** Those that are used already, and others at random. */
  private static List<Instance> chosen(List<Instance> fitting, Map<String, Connection> before) {
    List<Instance> chosen = new ArrayList<>();
    List<Instance> others = new ArrayList<>();
    for (Instance each : fitting) {
      boolean known = before.containsKey(each.hostPort()) && chosen.size() < MOST;
      (known ? chosen : others).add(each);
    }
    while (chosen.size() < MOST && !others.isEmpty()) {
      chosen.add(others.remove(ThreadLocalRandom.current().nextInt(others.size())));
    }
    return chosen;
  }

  /** A connection came up or went down. */
  void refresh() {
    List<Channel> now = new ArrayList<>();
    for (Connection connection : used.values()) {
      if (connection.isReady()) {
        Instance to = connection.instance();
        now.add(
            CallerHeader.addedBy(
                connection.channel(),
                to.asksForCallers() ? CallerHeader.of(sync.mesh().application()) : null));
      }
    }
    ready = now.toArray(NONE);
  }

  /** Any of those that are connected; null if none is. Any thread. */
  Channel pick() {
    Channel[] now = ready;
    return now.length == 0 ? null : now[ThreadLocalRandom.current().nextInt(now.length)];
  }

  void end() {
    service.unwatch(this);
    used.values().forEach(Connection::release);
    used.clear();
    ready = NONE;
  }
}
