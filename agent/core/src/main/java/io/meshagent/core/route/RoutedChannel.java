package io.meshagent.core.route;

import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.KnownChannel;
import io.meshagent.core.api.Route;
import io.meshagent.core.api.Service;
import io.meshagent.core.config.InstanceLabels;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** A channel, with what its target says of the instances that it uses. Thread-safe. */
final class RoutedChannel implements KnownChannel, RoutedServices {

  /** Of more nobody would read. */
  private static final int MOST_NAMED = 50;

  private final Routes routes;
  private final InstanceLabels mapped;
  private final ChannelSelections selections;
  private final boolean governed;
  private final ChannelNews news;

  /** Whether the target spells an address, so that its resolver has nothing to add. */
  private final boolean literal;

  /** Guarded by this. */
  private final Set<SelectedRoute> watching = new LinkedHashSet<>();

  /** Guarded by this. Services that go the channel's own way, by their names. */
  private final Set<String> passing = new LinkedHashSet<>();

  /** Volatile: set in the channel's sync context, read by any thread. Null if it has none. */
  private volatile InetSocketAddress address;

  /** Volatile for the same reason. Whether an instance was registered at its address once. */
  private volatile boolean addressed;

  /**
   * @param mapped what the target stands for; null for nothing
   * @param governed whether policies apply to its calls
   * @param news told what {@link #routed} is
   */
  RoutedChannel(
      Routes routes,
      String target,
      InstanceLabels mapped,
      ChannelSelections selections,
      boolean governed,
      ChannelNews news) {
    this.routes = routes;
    this.mapped = mapped;
    this.selections = selections;
    this.governed = governed;
    this.news = news;
    this.address = TargetAddress.of(target);
    this.literal = address != null && !address.isUnresolved();
  }

  @Override
  public Route route(Service service) {
    return routes.of(service, selections, this);
  }

  @Override
  public void routed(String leftAloneBecause) {
    news.routed(leftAloneBecause, this);
  }

  @Override
  public synchronized void passes(String service) {
    if (passing.size() < MOST_NAMED) {
      passing.add(service);
    }
  }

  @Override
  public Map<String, String> routes() {
    Map<String, String> all = new TreeMap<>();
    List<SelectedRoute> now;
    synchronized (this) {
      passing.forEach(service -> all.put(service, null));
      now = new ArrayList<>(watching);
    }
    now.stream()
        .limit(MOST_NAMED)
        .forEach(route -> all.put(route.service().name(), route.described()));
    return all;
  }

  @Override
  public ExplainedRoute explain(String service, Endpoints known, Attempt call) {
    SelectedRoute used = null;
    synchronized (this) {
      if (passing.contains(service)) {
        return null;
      }
      for (SelectedRoute each : watching) {
        used = each.service().name().equals(service) ? each : used;
      }
    }
    // One that was not used yet would go as one that is.
    return used == null
        ? routes.supposed(service, known, selections, this).explain(known, call)
        : used.explain(used.service().endpoints(), call);
  }

  @Override
  public boolean isGoverned() {
    return governed;
  }

  @Override
  public void resolvedTo(InetSocketAddress only) {
    if (literal || Objects.equals(only, address)) {
      return;
    }
    List<SelectedRoute> all;
    synchronized (this) {
      all = new ArrayList<>(watching);
    }
    all.forEach(SelectedRoute::leaveAddress);
    address = only;
    all.forEach(SelectedRoute::comeToAddress);
  }

  /** That of its target; unresolved for a name that it has not resolved; null for several. */
  InetSocketAddress address() {
    return address;
  }

  /** What its target stands for; null for nothing. */
  InstanceLabels mapped() {
    return mapped;
  }

  /** Whether its address was that of an instance. */
  boolean wasAddressed() {
    return addressed;
  }

  void isAddressed() {
    addressed = true;
  }

  synchronized void add(SelectedRoute route) {
    watching.add(route);
  }

  synchronized void remove(SelectedRoute route) {
    watching.remove(route);
  }
}
