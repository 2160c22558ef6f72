package io.meshagent.core.route;

import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Keeping;
import io.meshagent.core.api.Route;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Statistics;
import java.net.InetSocketAddress;
import java.util.List;

/** The way of one service over one channel. Thread-safe. */
final class SelectedRoute implements Route {

  private final Service service;
  private final ChannelSelections selections;
  private final ServiceRouting routing;
  private final AddressedService addressed;
  private final RoutedChannel channel;

  /** Set once, by {@link #watch}; volatile, as it is read where the channel is resolved. */
  private volatile Service.Watcher watcher;

  /** The one that {@link #addressed} knows of. For one thread at a time, as gRPC's sync context. */
  private InetSocketAddress counted;

  SelectedRoute(
      Service service,
      ChannelSelections selections,
      ServiceRouting routing,
      AddressedService addressed,
      RoutedChannel channel) {
    this.service = service;
    this.selections = selections;
    this.routing = routing;
    this.addressed = addressed;
    this.channel = channel;
  }

  @Override
  public Service service() {
    return service;
  }

  @Override
  public Endpoints used(Endpoints known) {
    routing.balancer.knows(known);
    Selection selection = selection();
    RoutedBalancer routed = routing.routed(selection);
    return routed == null ? known.part(selection) : routed.split(known).used;
  }

  private Selection selection() {
    return selections.of(routing.balancer);
  }

  @Override
  public List<Endpoints> parts(Endpoints known) {
    RoutedBalancer routed = routing.routed(selection());
    return routed == null ? Route.super.parts(known) : routed.split(known).parts();
  }

  @Override
  public boolean reachesFurther() {
    Endpoints known = service.endpoints();
    Selection near = selections.near(routing.balancer);
    RoutedBalancer routed = routing.routed(near);
    boolean leavesOut =
        routed == null ? known.part(near).zones() != null : routed.split(known).hasZones();
    return leavesOut && routing.balancer.widen();
  }

  @Override
  public Balancer balancer() {
    return routing.balancer(selection());
  }

  @Override
  public Statistics statistics(Instance instance) {
    return routing.balancer.statistics(instance);
  }

  /** What the operator says of a target counts more than what it looks like. */
  @Override
  public Keeping keeps(Endpoints known) {
    InetSocketAddress address = channel.address();
    if (address == null || channel.mapped() != null) {
      return Keeping.NOTHING;
    }
    if (addressed.kept(address, service, known) != null) {
      channel.isAddressed();
      return Keeping.ALWAYS;
    }
    return channel.wasAddressed() && addressed.isMeant(service, known)
        ? Keeping.WHILE_REACHED
        : Keeping.NOTHING;
  }

  @Override
  public String wanted() {
    return channel.mapped() == null ? null : channel.mapped() + " (discover.map)";
  }

  @Override
  public void watch(Service.Watcher by) {
    watcher = by;
    channel.add(this);
    counted = channel.address();
    addressed.add(counted, by);
    routing.watch(by);
    service.watch(by);
  }

  @Override
  public void unwatch(Service.Watcher by) {
    service.unwatch(by);
    routing.unwatch(by);
    channel.remove(this);
    addressed.remove(counted, by);
  }

  /** Where its calls go now, half a sentence for people. */
  String described() {
    return described(service.endpoints());
  }

  private String described(Endpoints known) {
    switch (keeps(known)) {
      case ALWAYS:
        return "the instance that it is built for (discover.keep-addressed)";
      case WHILE_REACHED:
        return "its own target while that is reached, else "
            + among(known)
            + " (discover.keep-addressed)";
      default:
        return among(known);
    }
  }

  /** Where a call would go now, and why not elsewhere. */
  ExplainedRoute explain(Endpoints now, Attempt call) {
    Keeping keeping = keeps(now);
    return new ExplainedRoute(
        selections.scheme(),
        keeping == Keeping.NOTHING ? null : described(now),
        new RouteExplainer(routing, selection(), now, call).ways());
  }

  private String among(Endpoints known) {
    if (known.state() == Endpoints.State.UNKNOWN) {
      return "not known yet";
    }
    int usable = used(known).list().size();
    String all =
        usable == 0
            ? "no instance" + nobody(known)
            : usable == 1 ? "1 instance" : usable + " instances";
    return wanted() == null ? all : all + " matching " + wanted();
  }

  /** Why there is none; empty if that is clear, or takes more words. */
  private String nobody(Endpoints known) {
    String scheme = selections.scheme();
    String theirs = known.list().isEmpty() ? null : known.list().get(0).instance().scheme();
    boolean others =
        scheme != null
            && theirs != null
            && known.instances().stream().noneMatch(each -> isOurs(scheme, each.scheme()));
    return others
        ? ": they speak " + SameScheme.named(theirs) + ", and it speaks " + SameScheme.named(scheme)
        : "";
  }

  private static boolean isOurs(String ours, String theirs) {
    return theirs == null || theirs.equals(ours);
  }

  /** The channel is about to be at another address. */
  void leaveAddress() {
    addressed.remove(counted, watcher);
  }

  /** It is there now. */
  void comeToAddress() {
    counted = channel.address();
    addressed.add(counted, watcher);
    watcher.changed(service);
  }
}
