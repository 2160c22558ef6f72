package io.meshagent.core.fleet;

import io.meshagent.core.api.Agent;
import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Route;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Statistics;
import io.meshagent.core.balance.BalanceRule;
import io.meshagent.core.route.Routes;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A program that calls one service at a steady rate, each call at a random moment. Its route, its
 * subset, its balancer and its ejection are the agent's own.
 */
final class SimulatedClient {

  private static final long NETWORK_NANOS = TimeUnit.MICROSECONDS.toNanos(250);
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Simulation simulation;
  private final Random random;
  private final List<SimulatedServer> servers;
  private final Route route;
  private final Connected connected;
  private final CallLog log;
  private Balancer.Picker picker;

  /**
   * @param servers all there are; the port of an endpoint is its server's index
   */
  SimulatedClient(
      Simulation simulation,
      Random random,
      BalanceRule rule,
      List<SimulatedServer> servers,
      Service service,
      CallLog log) {
    this.simulation = simulation;
    this.random = random;
    this.servers = servers;
    this.log = log;
    this.route =
        new Routes(random.nextLong(), name -> rule, new Timers(simulation)).of(service, "http");
    this.connected = new Connected(route.used(service.endpoints()));
    connected.publishAgain();
  }

  /** All the instances that the route uses, connected for ever. */
  private final class Connected implements Balancer.Candidates {
    private final List<Endpoint> endpoints;
    private final Statistics[] statistics;

    Connected(Endpoints used) {
      endpoints = used.list();
      statistics = new Statistics[endpoints.size()];
      for (int i = 0; i < statistics.length && route.balancer().readsStatistics(); i++) {
        statistics[i] = route.statistics(endpoints.get(i).instance());
      }
    }

    @Override
    public int size() {
      return statistics.length;
    }

    @Override
    public Endpoint endpoint(int index) {
      return endpoints.get(index);
    }

    @Override
    public Statistics statistics(int index) {
      return statistics[index];
    }

    @Override
    public void publishAgain() {
      picker = route.balancer().picker(this);
    }
  }

  /** The agent of a client, by the clock of the simulation. */
  private record Timers(Simulation simulation) implements Agent {

    @Override
    public long nanoTime() {
      return simulation.now();
    }

    @Override
    public void asGuest(Runnable task) {
      task.run();
    }

    @Override
    public Runnable after(long nanos, Runnable task) {
      simulation.after(nanos, task);
      return () -> {};
    }

    @Override
    public void failed(String place, Throwable cause) {
      throw new AssertionError(place, cause);
    }

    @Override
    public void warn(String sentence) {}
  }

  void callAtRate(double perSecond) {
    long pause = (long) (-Math.log(1 - random.nextDouble()) / perSecond * 1e9);
    simulation.after(
        pause,
        () -> {
          callOnce();
          callAtRate(perSecond);
        });
  }

  private void callOnce() {
    int index = picker.pick(Attempt.ANY);
    SimulatedServer server = servers.get(connected.endpoint(index).instance().port());
    OneCall call = new OneCall(connected.statistics(index), simulation.now());
    log.began(simulation.now(), server.health() != SimulatedServer.Health.WELL);
    simulation.after(NETWORK_NANOS, () -> server.call(call::answered));
    simulation.after(TIMEOUT_NANOS, () -> call.end(Code.DEADLINE_EXCEEDED));
  }

  private final class OneCall {
    private final Statistics statistics;
    private final long began;
    private boolean over;

    OneCall(Statistics statistics, long began) {
      this.statistics = statistics;
      this.began = began;
      if (statistics != null) {
        statistics.begin();
      }
    }

    void answered(boolean well) {
      simulation.after(NETWORK_NANOS, () -> end(well ? Code.OK : Code.UNAVAILABLE));
    }

    private void end(Code code) {
      if (over) {
        return;
      }
      over = true;
      long now = simulation.now();
      if (statistics != null) {
        statistics.end(code, true, false, now - began, now);
      }
      log.ended(code == Code.OK, now - began);
    }
  }
}
