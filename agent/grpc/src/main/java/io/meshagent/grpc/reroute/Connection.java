package io.meshagent.grpc.reroute;

import io.grpc.Channel;
import io.grpc.Status;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Mesh;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One channel's connection to one instance: its links, of which there is one unless {@code
 * pool.connections-per-instance} asks for more, or all streams of those are taken. Confined to the
 * channel's sync context, but for what says so.
 */
final class Connection implements Link.Owner {

  /** How often links that came by need are looked at, and how long none follows one that failed. */
  private static final long LOOK_MILLIS = 10_000;

  /** What the instance said of its start when this was opened. */
  private final String started;

  private final ChannelSync sync;
  private final Mesh mesh;
  private final Connections all;

  /** How many there are without need; so many again may come by need. */
  private final int usual;

  private final LastUse lastUse;

  /** Those without need first. */
  private final List<Link> links = new ArrayList<>();

  /** As the directory had it when a route last asked for this. */
  private Instance instance;

  private int holders;
  private boolean closed;

  /** Whether the last link that came by need could not be made. */
  private boolean refused;

  private boolean looking;
  private boolean asleep;

  /** Whether the last link had no stream at the last look. */
  private boolean spare;

  /** Volatile: both are written in the sync context, in this order, and read by picks. */
  private volatile int readyLinks;

  private volatile boolean mayGetMore;

  Connection(Instance instance, ChannelSync sync, Connections all) {
    this.instance = instance;
    this.started = started(instance);
    this.sync = sync;
    this.mesh = sync.mesh();
    this.all = all;
    this.usual = mesh.connectionsPerInstance();
    this.lastUse = new LastUse(mesh.nanoTime());
  }

  /**
   * @param atOnce whether calls depend on it
   * @param delayMillis how long it is to be put off
   */
  void open(boolean atOnce, long delayMillis) {
    if (delayMillis == 0) {
      openUsual(atOnce);
    } else {
      all.later(delayMillis, () -> openUsual(atOnce));
    }
  }

  private void openUsual(boolean atOnce) {
    while (!closed && links.size() < usual) {
      Link link = new Link(instance, sync, this);
      links.add(link);
      link.open(atOnce);
    }
  }

  /** An attempt was led there. Any thread; cheap. */
  void touch() {
    lastUse.touch();
  }

  /**
   * Closes its links if they carried nothing for so long.
   *
   * @return whether it has
   */
  boolean rest(long nowNanos, long longestNanos) {
    if (closed || asleep) {
      return false;
    }
    if (!isReady() || isInUse()) {
      lastUse.is(nowNanos);
    }
    asleep = lastUse.isBefore(nowNanos, longestNanos);
    if (asleep) {
      new ArrayList<>(links).forEach(this::letGo);
      settle();
    }
    return asleep;
  }

  private boolean isInUse() {
    return links.stream().anyMatch(Link::isInUse);
  }

  /** Whether it has no links because nobody needed them. */
  boolean isAsleep() {
    return asleep && !closed;
  }

  /** Calls come again. */
  void wake() {
    if (isAsleep()) {
      asleep = false;
      lastUse.is(mesh.nanoTime());
      openUsual(true);
    }
  }

  @Override
  public Instance instance() {
    return instance;
  }

  @Override
  public String checkedService() {
    return all.checkedService();
  }

  /** The program's service config may say something else of health checks. */
  void checkHealth() {
    links.forEach(Link::checkHealth);
  }

  @Override
  public void healthChanged(Link link, boolean wasReady) {
    if (!closed && links.contains(link)) {
      settle();
      all.changed();
    }
  }

  @Override
  public void changed(Link link, boolean wasConnected, boolean wasFailing, Status cause) {
    if (closed || !links.contains(link)) {
      return;
    }
    if (links.indexOf(link) >= usual && !link.isConnected() && (wasConnected || cause != null)) {
      // What came by need is not made again without need.
      refused = cause != null;
      letGo(link);
      lookLater();
    } else {
      tell(link, wasConnected, wasFailing, cause);
    }
    settle();
    if (link.isReady() != wasConnected || (link.failure() != null) != wasFailing) {
      all.changed();
    }
  }

  private void tell(Link link, boolean wasConnected, boolean wasFailing, Status cause) {
    if (link.isConnected() && wasFailing) {
      mesh.refuses(instance, false);
    }
    if (cause != null) {
      mesh.connectionFailed(instance);
      if (NobodyThere.isSaidBy(cause.getCause())) {
        // Each time: the directory may have learned of the instance anew meanwhile.
        mesh.refuses(instance, true);
      }
    }
    if (wasConnected && !link.isConnected()) {
      mesh.connectionFailed(instance);
    }
  }

  @Override
  public void hasRoom() {
    all.hasRoom();
  }

  /** How many links there are without need. Any thread. */
  int usual() {
    return usual;
  }

  /** A call found all streams of this taken, and those of all others. Any thread; returns soon. */
  void getMore() {
    sync.execute(this::grow);
  }

  /** How many links calls may go by. Any thread. */
  int readyLinks() {
    return readyLinks;
  }

  /** Whether a link may come by need, or is on its way: who can, waits for it. Any thread. */
  boolean mayGetMore() {
    return mayGetMore;
  }

  private void grow() {
    if (closed || !isReady()) {
      return;
    }
    all.changeLater();
    links.forEach(Link::readLimit);
    if (!isAnyOnItsWay() && isMoreAllowed() && all.mayGrow(this)) {
      Link more = new Link(instance, sync, this);
      links.add(more);
      more.open(true);
      settle();
      lookLater();
    }
  }

  /** Whether a link is on its way that came by need. */
  boolean isGrowing() {
    return !closed && links.size() > usual && isAnyOnItsWay();
  }

  private boolean isAnyOnItsWay() {
    return links.stream().anyMatch(link -> !link.isReady() && link.failure() == null);
  }

  private boolean isMoreAllowed() {
    return links.size() < 2 * usual && !refused;
  }

  private void settle() {
    readyLinks = ready().size();
    mayGetMore = isReady() && (isAnyOnItsWay() || isMoreAllowed());
  }

  private void lookLater() {
    if (!looking) {
      looking = true;
      all.later(LOOK_MILLIS, this::look);
    }
  }

  /** What came by need goes when it had nothing to do for a while, the last first. */
  private void look() {
    looking = false;
    refused = false;
    if (closed) {
      return;
    }
    if (links.size() > usual) {
      Link last = links.get(links.size() - 1);
      boolean empty = last.streams() == null || last.streams().isEmpty();
      if (last.isReady() && empty && spare) {
        spare = false;
        letGo(last);
        all.changed();
      } else {
        spare = last.isReady() && empty;
      }
      lookLater();
    }
    settle();
  }

  private void letGo(Link link) {
    links.remove(link);
    all.letGoLater(link);
  }

  /**
   * Whether calls to the instance can go by this. Not if it could not be reached, and the instance
   * says that it has started since: gRPC would wait long before it tries again, because of a
   * program that is there no more.
   *
   * @param other at the same address
   */
  boolean leadsTo(Instance other) {
    return failure() == null || started.equals(started(other));
  }

  private static String started(Instance instance) {
    return String.valueOf(instance.metadata().get(Instance.Metadata.STARTED));
  }

  boolean isClosed() {
    return closed;
  }

  /** One more route uses it, for an instance with these facts. */
  void hold(Instance now) {
    instance = now;
    holders++;
  }

  void release() {
    holders--;
  }

  boolean isHeld() {
    return holders > 0;
  }

  boolean isReady() {
    return links.stream().anyMatch(Link::isReady);
  }

  /** As {@link Link#failure}, if all links have one. */
  Status failure() {
    Status failure = null;
    for (Link link : links) {
      if (link.isReady() || link.failure() == null) {
        return null;
      }
      failure = failure == null ? link.failure() : failure;
    }
    return failure;
  }

  /** Those that are ready. */
  List<Link> ready() {
    return links.stream().filter(Link::isReady).collect(Collectors.toList());
  }

  /** For calls that go here whatever is picked, while it is ready; in the sync context. */
  Channel channel() {
    return ready().get(0).channel();
  }

  /** Closes it; what it was made of is in the list. */
  List<Link> close() {
    if (!closed) {
      closed = true;
      if (failure() != null) {
        // Nobody tries any more, so nobody would tell when it is over.
        mesh.refuses(instance, false);
      }
      links.forEach(Link::close);
    }
    return links;
  }
}
