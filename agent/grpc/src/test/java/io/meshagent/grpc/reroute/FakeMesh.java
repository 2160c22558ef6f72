package io.meshagent.grpc.reroute;

import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Keeping;
import io.meshagent.core.api.KnownChannel;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Openings;
import io.meshagent.core.api.Route;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Standing;
import io.meshagent.core.api.StartedServer;
import io.meshagent.core.api.Statistics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An engine with one service, whose routes use all of it; a test says what it knows. */
final class FakeMesh implements Mesh, Service {

  /** Handed over, and done when a test says so. */
  final Deque<Runnable> guests = new ArrayDeque<>();

  final List<Throwable> failures = new ArrayList<>();
  final Map<Integer, CountedAttempts> statistics = new HashMap<>();
  final List<String> warnings = new ArrayList<>();
  boolean fallsBack = true;
  Keeping keeping = Keeping.NOTHING;
  long mostIdleNanos;
  Openings openings = Openings.AT_ONCE;
  long now = 1;
  String application = "";

  private final Balancer balancer;
  private Endpoints known = Endpoints.UNKNOWN;
  private Watcher watcher;

  FakeMesh(Balancer balancer) {
    this.balancer = balancer;
  }

  static Endpoint endpoint(int port, String... facts) {
    Map<String, String> metadata = new HashMap<>();
    for (int i = 0; i < facts.length; i += 2) {
      metadata.put(facts[i], facts[i + 1]);
    }
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    return new Endpoint(new Instance("one", port, address, metadata), Standing.LIVE, 0);
  }

  /** The directory knows these now; who watches is told. */
  void know(Endpoint... endpoints) {
    known = Endpoints.of(List.of(endpoints));
    if (watcher != null) {
      watcher.changed(this);
    }
  }

  /** What was handed over is done. */
  void run() {
    for (Runnable task = guests.poll(); task != null; task = guests.poll()) {
      task.run();
    }
  }

  @Override
  public KnownChannel channel(String target, String scheme, boolean governed) {
    return new KnownChannel() {
      @Override
      public Route route(Service service) {
        return FakeMesh.this.route(service);
      }

      @Override
      public void routed(String leftAloneBecause) {}
    };
  }

  private Route route(Service service) {
    return new Route() {
      @Override
      public Service service() {
        return service;
      }

      @Override
      public Endpoints used(Endpoints of) {
        return of;
      }

      @Override
      public Keeping keeps(Endpoints of) {
        return keeping;
      }

      @Override
      public Balancer balancer() {
        return balancer;
      }

      @Override
      public Statistics statistics(Instance instance) {
        return statistics.computeIfAbsent(instance.port(), port -> new CountedAttempts());
      }
    };
  }

  @Override
  public String name() {
    return "a.B";
  }

  @Override
  public int index() {
    return 0;
  }

  @Override
  public Endpoints endpoints() {
    return known;
  }

  @Override
  public void watch(Watcher by) {
    watcher = by;
  }

  @Override
  public void unwatch(Watcher by) {
    watcher = null;
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public void asGuest(Runnable task) {
    guests.add(task);
  }

  @Override
  public Runnable after(long nanos, Runnable task) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void failed(String place, Throwable cause) {
    failures.add(cause);
  }

  @Override
  public void warn(String sentence) {
    warnings.add(sentence);
  }

  @Override
  public String application() {
    return application;
  }

  @Override
  public long mostIdleNanos() {
    return mostIdleNanos;
  }

  @Override
  public Openings openings() {
    return openings;
  }

  @Override
  public String leftAlone(String target) {
    return null;
  }

  @Override
  public boolean reroutesOwnBalancing(String target) {
    return false;
  }

  @Override
  public boolean fallsBack() {
    return fallsBack;
  }

  @Override
  public void serverStarted(StartedServer server) {}

  @Override
  public void serverStopping(StartedServer server, boolean mayWait) {}

  @Override
  public void refuses(Instance instance, boolean refuses) {}

  @Override
  public void connectionFailed(Instance instance) {}
}
