package io.meshagent.core.registry.etcd.fleet;

import io.meshagent.core.registry.etcd.fleet.EtcdLoad.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Prints what a fleet asks of etcd at rest, while it is replaced, and after etcd was away: the
 * agent's own registration and mirrors, and an etcd and a clock that are numbers. Arguments: how
 * many agents, how many entries there are with theirs, and how many agents for the etcd that comes
 * back empty, where everybody is told of everybody.
 */
public final class FleetOnEtcd {

  private static final int REST_SECONDS = 600;
  private static final int BACK_SECONDS = 300;

  private final int size;
  private final FleetClock clock = new FleetClock();
  private final EtcdLoad load = new EtcdLoad(clock);
  private final SimulatedEtcd etcd = new SimulatedEtcd(clock, load);
  private final List<SimulatedAgent> agents = new ArrayList<>();

  private FleetOnEtcd(int size, int entries) {
    this.size = size;
    etcd.fill(Math.max(0, entries - size));
    // All register before the first of them listens: nobody looks at how a fleet comes up, and
    // telling everybody of everybody is most of the work.
    for (int number = 0; number < size; number++) {
      SimulatedAgent agent = new SimulatedAgent(etcd, clock, number);
      agents.add(agent);
      clock.passSeconds(30.0 / size);
      agent.register();
    }
    // A list of everybody's takes etcd its time, so they start over as much.
    double seconds = Math.max(60, size * (double) entries / 200_000);
    for (SimulatedAgent each : agents) {
      clock.passSeconds(seconds / size);
      each.follow();
    }
    clock.passSeconds(400);
  }

  public static void main(String[] args) {
    int size = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
    int entries = args.length > 1 ? Integer.parseInt(args[1]) : size;
    int wiped = args.length > 2 ? Integer.parseInt(args[2]) : size / 5;
    FleetOnEtcd fleet = new FleetOnEtcd(size, entries);
    System.out.printf(Locale.ROOT, "%n%d agents, %d keys in etcd.%n%n", size, fleet.etcd.size());
    System.out.println("| | requests/s | bytes/s an agent | of them renewals | etcd busy |");
    System.out.println("|---|---|---|---|---|");
    fleet.atRest();
    fleet.replaced();
    System.out.println();
    System.out.println(
        "| etcd away for a minute | agents | all whole after | leases lost | megabytes of lists | requests in the"
            + " busiest second | megabytes in the busiest second, in all | etcd busy in the busiest"
            + " 10 s, over two minutes |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    fleet.away(false);
    new FleetOnEtcd(wiped, entries).away(true);
  }

  private void row(String what, double seconds) {
    double agentSeconds = seconds * size;
    System.out.printf(
        Locale.ROOT,
        "| %s | %.0f | %.0f | %.0f | %.1f %% |%n",
        what,
        load.requests() / seconds,
        load.bytes() / agentSeconds,
        load.bytes(What.RENEW) / agentSeconds,
        100 * load.busiest((int) seconds, (int) seconds));
  }

  private void atRest() {
    load.begin();
    clock.passSeconds(REST_SECONDS);
    row("at rest", REST_SECONDS);
    System.out.printf(
        Locale.ROOT,
        "| the busiest second | %d | %.0f | | %.1f %% |%n",
        load.mostRequests(),
        load.mostBytes() / (double) size,
        100 * load.busiest(1, REST_SECONDS));
  }

  /** A tenth of all within ten minutes: ten a second of ten thousand, three events each. */
  private void replaced() {
    int replaced = size / 10;
    load.begin();
    for (int each = 0; each < replaced; each++) {
      SimulatedAgent old = agents.get(each * 10);
      old.leave(clock);
      clock.passSeconds(600.0 / replaced);
      SimulatedAgent next = new SimulatedAgent(etcd, clock, old.number());
      agents.set(each * 10, next);
      clock.after(5_000_000_000L, next::start);
    }
    row("a tenth of it replaced within ten minutes", 600);
    System.out.printf(
        Locale.ROOT,
        "| of that: events, lists of the new ones | | %.0f, %.0f | | |%n",
        load.bytes(What.EVENT) / 600.0 / size,
        load.bytes(What.LIST) / 600.0 / size);
    clock.passSeconds(400);
  }

  private void away(boolean wiped) {
    etcd.goAway();
    clock.passSeconds(60);
    long lost = agents.stream().mapToLong(SimulatedAgent::leasesLost).sum();
    etcd.comeBack(wiped);
    load.begin();
    List<SimulatedAgent> missing = new ArrayList<>(agents);
    double whole = 0;
    for (double seconds = 0.5; seconds <= BACK_SECONDS; seconds += 0.5) {
      clock.passSeconds(0.5);
      missing.removeIf(SimulatedAgent::isWhole);
      whole = whole == 0 && missing.isEmpty() ? seconds : whole;
    }
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %.1f s | %d | %.0f | %d | %.0f, %.0f | %.0f %%, %.1f %% |%n",
        wiped ? "and empty" : "with all it had",
        size,
        whole,
        agents.stream().mapToLong(SimulatedAgent::leasesLost).sum() - lost,
        load.bytes(What.LIST) / 1e6,
        load.mostRequests(),
        load.mostBytes() / 1e6,
        load.bytes() / 1e6,
        100 * load.busiest(10, 120),
        100 * load.busiest(120, 120));
  }
}
