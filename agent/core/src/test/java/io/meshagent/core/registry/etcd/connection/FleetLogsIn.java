package io.meshagent.core.registry.etcd.connection;

import io.meshagent.core.registry.etcd.client.EtcdFailure;
import java.util.Comparator;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Prints how long a fleet takes to log in after etcd has lost all tokens, the agent's own {@link
 * LogIns} on a clock that jumps: etcd checks one password after the other on each of its cores, and
 * goes on with those whose program has given up. Arguments: programs, cores.
 */
public final class FleetLogsIn {

  private static final long SECOND = 1_000_000_000L;
  private static final long DEADLINE = 5 * SECOND;

  private record Event(long at, int program, long began, String outcome) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at));
  private final Random random = new Random(42);
  private final int programs;
  private final long costNanos;
  private final boolean spread;
  private final long[] cores;
  private long now = 1_000 * SECOND;
  private int logIns;
  private int inVain;
  private int in;
  private double busiest;

  private FleetLogsIn(int programs, int cores, long costMillis, boolean spread) {
    this.programs = programs;
    this.costNanos = costMillis * 1_000_000;
    this.spread = spread;
    this.cores = new long[cores];
  }

  public static void main(String[] args) {
    int programs = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
    int cores = args.length > 1 ? Integer.parseInt(args[1]) : 2;
    System.out.println(
        "| programs, cores | a log-in costs | | all in after | log-ins | in vain | longest queue |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (long cost : new long[] {60, 2}) {
      for (boolean spread : new boolean[] {false, true}) {
        new FleetLogsIn(programs, cores, cost, spread).run();
      }
    }
  }

  private LogIns program() {
    LogIns made = new LogIns(() -> now, random::nextDouble);
    made.counted("/services/", spread ? programs : 0);
    long began = made.begin();
    now += costNanos;
    made.succeeded("token", began);
    now -= costNanos;
    made.refused("token", true);
    return made;
  }

  private void run() {
    long begin = now;
    LogIns[] all = new LogIns[programs];
    for (int each = 0; each < programs; each++) {
      all[each] = program();
      // All have their connection within four seconds; then a try is due every so often.
      events.add(new Event(now + (long) (4 * SECOND * random.nextDouble()), each, 0, "try"));
    }
    while (in < programs && now - begin < 7_200 * SECOND) {
      Event next = events.remove();
      now = next.at;
      if (next.outcome.equals("try")) {
        tryOne(all[next.program], next.program);
      } else if (next.outcome.equals("in")) {
        all[next.program].succeeded("token", next.began);
        in++;
      } else {
        inVain++;
        all[next.program].failed(new EtcdFailure(EtcdFailure.Kind.SILENT, "no answer in time"));
        events.add(new Event(now + 1, next.program, 0, "try"));
      }
    }
    System.out.printf(
        Locale.ROOT,
        "| %d, %d | %d ms | %s | %s | %d | %d | %.0f s |%n",
        programs,
        cores.length,
        costNanos / 1_000_000,
        spread ? "spread" : "not spread",
        in < programs ? "never: " + in + " in two hours" : (now - begin) / SECOND + " s",
        logIns,
        inVain,
        busiest);
  }

  private void tryOne(LogIns one, int program) {
    long wait = one.waitNanos();
    if (wait > 0) {
      // As the machines do: every four seconds at most, at random.
      long pause = Math.min(wait, (long) (4 * SECOND * random.nextDouble()));
      events.add(new Event(now + pause + 1, program, 0, "try"));
      return;
    }
    logIns++;
    int core = 0;
    for (int each = 1; each < cores.length; each++) {
      core = cores[each] < cores[core] ? each : core;
    }
    cores[core] = Math.max(cores[core], now) + costNanos;
    busiest = Math.max(busiest, (cores[core] - now) / (double) SECOND);
    boolean inTime = cores[core] - now <= DEADLINE;
    long began = one.begin();
    events.add(
        new Event(
            inTime ? cores[core] : now + DEADLINE, program, began, inTime ? "in" : "too late"));
  }
}
