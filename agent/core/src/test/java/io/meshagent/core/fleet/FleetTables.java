package io.meshagent.core.fleet;

import io.meshagent.core.balance.BalanceRule;
import io.meshagent.core.balance.BalanceRule.EjectionMode;
import io.meshagent.core.balance.BalancerKind;
import io.meshagent.core.balance.EjectionSettings;
import io.meshagent.core.fleet.SimulatedServer.Health;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Prints the tables of the docs: a service with bad instances, and a large fleet. */
public final class FleetTables {

  private static final long SEED = 20_260;

  private FleetTables() {}

  /** Prints both. */
  public static void main(String[] args) {
    print(
        "| balancer | ejection | success | p50 ms | p99 ms | p99.9 ms | calls to bad ones, 1st 10 s | then |");
    print("|---|---|---|---|---|---|---|---|");
    for (BalancerKind kind : BalancerKind.values()) {
      for (boolean ejects : new boolean[] {false, true}) {
        print(row(kind, ejects));
      }
    }
    print("");
    print(
        "| clients x servers | balancer | servers called | load, greatest / mean | 99th / mean | calls to bad ones in seconds 0-2 / 2-5 / 5-10 / 10-20 |");
    print("|---|---|---|---|---|---|");
    for (BalancerKind kind : new BalancerKind[] {BalancerKind.ROUND_ROBIN, BalancerKind.P2C}) {
      print(fleet(kind, 1_000, 10_000));
      print(fleet(kind, 1_000, 100));
    }
  }

  /** One of eleven takes two seconds and one fails at once; calls have a second. */
  static CallLog elevenServers(BalancerKind kind, boolean ejects, long seconds) {
    Simulation simulation = new Simulation();
    Random random = new Random(SEED);
    List<SimulatedServer> servers = servers(simulation, random, 11);
    servers.get(3).become(Health.SLOW);
    servers.get(7).become(Health.FAILING);
    CallLog log = new CallLog();
    new SimulatedClient(
            simulation, random, rule(kind, ejects), servers, new SimulatedService(11), log)
        .callAtRate(1_000);
    simulation.run(seconds);
    return log;
  }

  private static BalanceRule rule(BalancerKind kind, boolean ejects) {
    return new BalanceRule(
        kind, "", ejects ? EjectionMode.ON : EjectionMode.OFF, EjectionSettings.DEFAULT, 0);
  }

  private static String row(BalancerKind kind, boolean ejects) {
    CallLog log = elevenServers(kind, ejects, 120);
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.3f %% | %.1f | %.1f | %.1f | %.2f %% | %.3f %% |",
        kind.name().toLowerCase(Locale.ROOT),
        ejects ? "on" : "off",
        log.successRate(),
        log.latency(0.5),
        log.latency(0.99),
        log.latency(0.999),
        log.shareOfBad(0, 10),
        log.shareOfBad(10, 120));
  }

  /** One server in twenty fails at once; each client uses its subset of them. */
  static String fleet(BalancerKind kind, int clients, int count) {
    Simulation simulation = new Simulation();
    Random random = new Random(SEED);
    List<SimulatedServer> servers = servers(simulation, random, count);
    for (int i = 0; i < count; i += 20) {
      servers.get(i).become(Health.FAILING);
    }
    CallLog log = new CallLog();
    SimulatedService service = new SimulatedService(count);
    for (int i = 0; i < clients; i++) {
      new SimulatedClient(simulation, random, rule(kind, true), servers, service, log)
          .callAtRate(50);
    }
    simulation.run(20);
    long[] loads =
        servers.stream()
            .filter(server -> server.health() == Health.WELL)
            .mapToLong(SimulatedServer::calls)
            .sorted()
            .toArray();
    double mean = 0;
    int called = 0;
    for (long load : loads) {
      mean += (double) load / loads.length;
      called += load > 0 ? 1 : 0;
    }
    return String.format(
        Locale.ROOT,
        "| %,d x %,d | %s | %.1f %% | %.2f | %.2f | %.2f / %.2f / %.2f / %.2f %% |",
        clients,
        count,
        kind.name().toLowerCase(Locale.ROOT),
        100.0 * called / loads.length,
        loads[loads.length - 1] / mean,
        loads[loads.length * 99 / 100] / mean,
        log.shareOfBad(0, 2),
        log.shareOfBad(2, 5),
        log.shareOfBad(5, 10),
        log.shareOfBad(10, 20));
  }

  private static List<SimulatedServer> servers(Simulation simulation, Random random, int count) {
    List<SimulatedServer> servers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      servers.add(new SimulatedServer(simulation, random));
    }
    return servers;
  }

  @SuppressWarnings("SystemOut")
  private static void print(String line) {
    System.out.println(line);
  }
}
