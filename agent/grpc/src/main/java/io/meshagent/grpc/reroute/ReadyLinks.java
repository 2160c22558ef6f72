package io.meshagent.grpc.reroute;

import io.grpc.LoadBalancer.PickResult;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Statistics;
import io.meshagent.core.api.Unimplemented;
import io.meshagent.grpc.attempt.AttemptTracer;
import io.meshagent.grpc.attempt.Destination;
import io.meshagent.grpc.attempt.StreamCount;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The ways to one instance that has several links, or a link that takes no more than so many
 * streams at once. Made in the channel's sync context, immutable from then on, and read by picks.
 */
final class ReadyLinks {

  /** Nothing has room. */
  private static final int NONE = -1;

  private final Connection connection;
  private final Link[] links;

  /** One for each link; null where its peer takes any number of streams. */
  private final StreamCount[] streams;

  private final Destination[] destinations;
  private final PickResult[] results;

  /** What leads attempts whose call is not known, and tells of them; else the results. */
  private final PickResult[] telling;

  private final Mesh mesh;

  private ReadyLinks(
      Connection connection,
      List<Link> ready,
      Instance instance,
      Statistics statistics,
      Mesh mesh) {
    int size = ready.size();
    this.connection = connection;
    this.links = ready.toArray(new Link[0]);
    this.streams = new StreamCount[size];
    this.destinations = new Destination[size];
    this.results = new PickResult[size];
    this.telling = new PickResult[size];
    this.mesh = mesh;
    for (int i = 0; i < size; i++) {
      streams[i] = links[i].streams();
      destinations[i] = Destination.of(instance, statistics, streams[i], mesh);
      results[i] = links[i].result();
      boolean tells = statistics != null || streams[i] != null || instance.asksForCallers();
      telling[i] = tells ? links[i].result(destinations[i]) : results[i];
    }
  }

  /** Null if the instance has one link, which takes any number of streams. */
  static ReadyLinks of(Connection connection, Instance instance, Statistics statistics, Mesh mesh) {
    List<Link> ready = connection.ready();
    return ready.size() == 1 && ready.get(0).streams() == null
        ? null
        : new ReadyLinks(connection, ready, instance, statistics, mesh);
  }

  /** Whether a stream would be sent at once. */
  boolean hasRoom() {
    long now = mesh.nanoTime();
    for (StreamCount of : streams) {
      if (of == null || of.hasRoom(now)) {
        return true;
      }
    }
    return false;
  }

  /** Asks that the channel picks again when a stream of these has ended. */
  void awaitRoom() {
    for (StreamCount of : streams) {
      if (of != null) {
        of.await();
      }
    }
  }

  /** The connection that they belong to. */
  Connection connection() {
    return connection;
  }

  /** Whether all links that are ready by now are among these. Any thread. */
  boolean isCurrent() {
    return connection.readyLinks() == links.length;
  }

  /** Leads an attempt to a link with room; null if none has. */
  PickResult taken(AttemptTracer attempt) {
    int link = take();
    return link == NONE ? null : result(link, attempt);
  }

  /** The same, and if none has room it waits in a link's transport. */
  PickResult result(AttemptTracer attempt) {
    return result(link(), attempt);
  }

  private PickResult result(int link, AttemptTracer attempt) {
    if (attempt == null) {
      return telling[link];
    }
    attempt.goesTo(destinations[link]);
    return results[link];
  }

  /** The same for one that asks whether the instance knows a method. */
  PickResult asking(Unimplemented unimplemented, AttemptTracer attempt) {
    int link = link();
    Destination asked = destinations[link].asking(unimplemented);
    if (attempt == null) {
      return links[link].result(asked);
    }
    attempt.goesTo(asked);
    return results[link];
  }

  private int link() {
    int taken = take();
    return taken == NONE ? ThreadLocalRandom.current().nextInt(links.length) : taken;
  }

  /**
   * Links that came by need stand last and are taken last, so that they fall empty when it is over.
   * Those before share the calls.
   */
  private int take() {
    int usual = Math.min(connection.usual(), links.length);
    int from = usual == 1 ? 0 : ThreadLocalRandom.current().nextInt(usual);
    long now = mesh.nanoTime();
    for (int i = 0; i < links.length; i++) {
      int link = i < usual ? (from + i) % usual : i;
      if (streams[link] == null || streams[link].take(now)) {
        return link;
      }
    }
    return NONE;
  }
}
