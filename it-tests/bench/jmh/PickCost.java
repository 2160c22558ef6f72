package io.meshagent.bench;

import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Standing;
import io.meshagent.core.api.Statistics;
import io.meshagent.core.balance.BalanceRule;
import io.meshagent.core.balance.BalanceRule.EjectionMode;
import io.meshagent.core.balance.BalancerKind;
import io.meshagent.core.balance.EjectionSettings;
import io.meshagent.core.balance.ServiceBalancer;
import io.meshagent.core.balance.SharedStatistics;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What one pick takes: the whole of a balancer's picker, with ejection on where it reads
 * statistics.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PickCost {

  private static final int WARM_UP = 3_000_000;
  private static final int PICKS = 300_000;

  @Param({"P2C", "ROUND_ROBIN", "RANDOM", "LEAST_REQUEST", "CONSISTENT_HASH"})
  public BalancerKind balancer;

  @Param({"3", "100", "10000"})
  public int candidates;

  /** How many instances are left out. */
  @Param("0")
  public int ejected;

  private Balancer.Picker picker;
  private Attempt attempt;

  @Setup
  public void connect() {
    BalanceRule rule =
        new BalanceRule(
            balancer,
            "x-key",
            balancer == BalancerKind.P2C || ejected > 0 ? EjectionMode.ON : EjectionMode.OFF,
            EjectionSettings.DEFAULT,
            0);
    BenchAgent engine = new BenchAgent();
    ServiceBalancer service =
        new ServiceBalancer("bench.Service", rule, new SharedStatistics(), engine);
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < candidates; i++) {
      String host = "10." + i / 65_536 + "." + i / 256 % 256 + "." + i % 256;
      Instance instance =
          new Instance(host, 50051, InetSocketAddress.createUnresolved(host, 50051), Map.of());
      endpoints.add(new Endpoint(instance, Standing.LIVE, engine.nanoTime()));
    }
    service.knows(Endpoints.of(endpoints));
    Connected connected = new Connected(endpoints, service);
    picker = service.picker(connected);
    for (int i = 0; i < ejected; i++) {
      for (int j = 0; j < 7; j++) {
        connected.statistics.get(i).begin();
        connected.statistics.get(i).end(Code.UNAVAILABLE, true, false, 1_000, engine.nanoTime());
      }
    }
    picker = service.picker(connected);
    attempt = new Keyed();
  }

  @Benchmark
  public int pick() {
    return picker.pick(attempt);
  }

  /**
   * Without JMH's clock, which counts what other programs on the machine take: the processor time
   * of this thread for each pick, the median of nine rounds after a warm-up. The argument is a
   * balancer.
   */
  public static void main(String[] args) {
    StringBuilder row = new StringBuilder("| `" + args[0].toLowerCase(Locale.ROOT) + "` |");
    for (int size : new int[] {3, 100, 10_000}) {
      PickCost cost = new PickCost();
      cost.balancer = BalancerKind.valueOf(args[0]);
      cost.candidates = size;
      cost.connect();
      long sum = cost.picks(WARM_UP);
      double[] nanos = new double[9];
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      for (int round = 0; round < nanos.length; round++) {
        long began = threads.getCurrentThreadCpuTime();
        sum += cost.picks(PICKS);
        nanos[round] = (double) (threads.getCurrentThreadCpuTime() - began) / PICKS;
      }
      Arrays.sort(nanos);
      row.append(String.format(Locale.ROOT, " %.0f |", nanos[nanos.length / 2]));
      if (sum == 0) {
        throw new AssertionError("always the first");
      }
    }
    System.out.println(row);
  }

  private long picks(int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += picker.pick(attempt);
    }
    return sum;
  }

  /** A call whose header is another one each time. */
  private static final class Keyed implements Attempt {
    private final String[] keys = new String[1_024];
    private int next;

    Keyed() {
      for (int i = 0; i < keys.length; i++) {
        keys[i] = "customer-" + i * 31;
      }
    }

    @Override
    public String method() {
      return "bench.Service/Call";
    }

    @Override
    public String header(String name) {
      return keys[next++ & 1_023];
    }

    @Override
    public int number() {
      return 0;
    }

    @Override
    public double chance() {
      return 0;
    }

    @Override
    public boolean hasTried(Instance instance) {
      return false;
    }
  }

  private static final class Connected implements Balancer.Candidates {
    private final List<Endpoint> endpoints;
    final List<Statistics> statistics = new ArrayList<>();

    Connected(List<Endpoint> endpoints, ServiceBalancer service) {
      this.endpoints = endpoints;
      if (service.readsStatistics()) {
        for (Endpoint endpoint : endpoints) {
          Statistics of = service.statistics(endpoint.instance());
          of.begin();
          of.end(Code.OK, true, false, 1_000_000, System.nanoTime());
          statistics.add(of);
        }
      }
    }

    @Override
    public int size() {
      return endpoints.size();
    }

    @Override
    public Endpoint endpoint(int index) {
      return endpoints.get(index);
    }

    @Override
    public Statistics statistics(int index) {
      return statistics.isEmpty() ? null : statistics.get(index);
    }

    @Override
    public void publishAgain() {}
  }
}
