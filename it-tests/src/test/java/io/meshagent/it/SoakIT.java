package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmSize;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Metrics;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.Slope;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Thorough;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Everything that comes and goes in the life of programs, round after round: instances, rules,
 * faults, channels, calls that end in every way, etcd itself. What the agent keeps does not grow.
 * Who runs it may ask for days.
 */
@Timeout(value = 14, unit = TimeUnit.DAYS)
class SoakIT {

  private static final String KEYS = "/services/helloworld.Greeter/127.0.0.";
  private static final String RULES = "/mesh/policies/soak";

  /** How many addresses come and go. */
  private static final int MORE = 20;

  /** One round in so many has an etcd that is restarted. */
  private static final int RESTARTS = 4;

  private static final List<String> DOCUMENTS =
      List.of(
          "client.timeout = 2s",
          "client.fault = abort UNAVAILABLE 5%",
          "client.retry.attempts = 3",
          "client.balancer = round_robin",
          "client.rate-limit.rate = 100000/s");

  @AutoClose private final EtcdServer etcd = EtcdServer.start();
  @AutoClose private final World world = World.on(etcd);

  private final List<Slope> slopes = new ArrayList<>();

  private static Duration length() {
    Duration asked = Duration.parse("PT" + Places.setting("mesh.soak", "0s"));
    return asked.isZero() ? Scenario.lasting(Duration.ofMinutes(2), Duration.ofHours(1)) : asked;
  }

  private Slope slope(String name, double most) {
    Slope slope = new Slope(name, most);
    slopes.add(slope);
    return slope;
  }

  /** What is looked at in one JVM after each round. */
  private final class Watched {
    private final Jvm jvm;
    private final Slope heap;
    private final Slope metaspace;
    private final Slope threads;
    private final Slope files;
    private final Slope streams;

    Watched(String name, Jvm jvm) {
      this.jvm = jvm;
      this.heap = slope(name + ": kB of heap after a collection", 1_500);
      this.metaspace = slope(name + ": kB of metaspace", 1_500);
      this.threads = slope(name + ": threads", 4);
      this.files = slope(name + ": open files", 8);
      this.streams = slope(name + ": calls under way", 0.5);
    }

    private double underWay() {
      return jvm.metrics().sum("mesh_calls_in_flight");
    }

    void look() {
      await("nothing is under way").atMost(Jvm.PATIENCE).until(() -> underWay() == 0);
      JvmSize size = JvmSize.of(jvm);
      assertThat(size.heap()).as("heap, as the JVM says it").isPositive();
      heap.add(size.heap());
      metaspace.add(size.metaspace());
      threads.add(size.threads());
      files.add(size.files());
      streams.add(underWay());
    }
  }

  private double watchers() {
    return Metrics.get(etcd.endpoint() + "/metrics")
        .lines()
        .filter(line -> line.startsWith("etcd_debugging_mvcc_watcher_total "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .sum();
  }

  private void change(int round, int port) {
    for (int each = 0; each < MORE; each++) {
      String address = (2 + each) + ":" + port;
      if ((each + round) % 3 == 0) {
        etcd.keys().delete(KEYS + address);
      } else {
        etcd.keys().put(KEYS + address, "127.0.0." + address);
      }
    }
    if (round % 6 == 5) {
      etcd.keys().delete(RULES);
    } else {
      etcd.keys().put(RULES, DOCUMENTS.get(round % DOCUMENTS.size()));
    }
  }

  private void round(int round, Jvm client, int port) {
    change(round, port);
    LoadResult calls = client.load("calls n=300 threads=4 deadline=5000");
    assertThat(calls.ok()).as(() -> client.described(calls.toString())).isPositive();
    // Each over a channel of its own, which is made and shut.
    client.load("each n=10");
    client.load("chaos threads=8 n=300 seed=" + round);
    if (round % RESTARTS == RESTARTS - 1) {
      etcd.stop();
      client.load("calls n=100 threads=4 deadline=5000");
      etcd.restart();
    }
  }

  @Thorough
  @Test
  void nothing_grows() {
    Jvm a = world.flakyServer("a").start();
    Jvm b = world.flakyServer("b").start();
    int port = a.awaitPort();
    b.awaitPort();
    Jvm client = world.loadClient().mesh("client.breaker.enabled", "false").start();
    client.awaitInstances(2);
    List<Watched> all =
        Stream.of(new Watched("client", client), new Watched("server", a))
            .collect(Collectors.toList());
    Slope watches = slope("etcd: watches", 0.5);

    long until = System.nanoTime() + length().toNanos();
    int rounds = 0;
    for (; System.nanoTime() < until || rounds < 8; rounds++) {
      round(rounds, client, port);
      // Two of each JVM: of instances and of documents.
      await("all watch again").atMost(Jvm.PATIENCE).until(() -> watchers() == 6);
      watches.add(watchers());
      all.forEach(Watched::look);
    }

    String seen = slopes.stream().map(Slope::row).collect(Collectors.joining("; "));
    Scenario.of("a soak of " + length()).saw(rounds + " rounds; " + seen);
    slopes.forEach(each -> each.isFlat(client.described(seen)));
  }
}
