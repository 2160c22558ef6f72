package io.meshagent.core.registry.etcd.fleet;

import io.meshagent.core.api.Instance;
import io.meshagent.core.registry.FeedState;
import io.meshagent.core.registry.RegistrationState;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.ServiceChange;
import io.meshagent.core.registry.etcd.EtcdProcess;
import io.meshagent.core.registry.etcd.EtcdRegistry;
import io.meshagent.core.registry.etcd.access.EtcdSettings;
import io.meshagent.core.registry.etcd.client.EtcdOperations;
import io.meshagent.core.registry.etcd.client.EtcdOperations.Reply;
import io.meshagent.core.registry.etcd.connection.EtcdClient;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Some agents' whole registries and a real etcd with many entries, on a wire that counts: what
 * {@link SimulatedEtcd} is held against. Arguments: how many agents, how many entries, how many
 * seconds at rest.
 */
public final class RealFleet {

  private static final int AWAY_SECONDS = 60;
  private static final int BACK_SECONDS = 120;

  private final int entries;
  private final EtcdProcess etcd;
  private final CountingWire wire;
  private final List<EtcdRegistry> agents = new ArrayList<>();

  private RealFleet(Path folder, int entries) throws Exception {
    this.entries = entries;
    this.etcd = new EtcdProcess(folder.resolve("data")).start();
    this.wire = new CountingWire(etcd.port());
  }

  public static void main(String[] args) throws Exception {
    int agents = args.length > 0 ? Integer.parseInt(args[0]) : 40;
    int entries = args.length > 1 ? Integer.parseInt(args[1]) : 10_000;
    int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 600;
    Path folder = Files.createTempDirectory("fleet");
    RealFleet fleet = new RealFleet(folder, entries);
    fleet.capacity();
    fleet.start(agents);
    fleet.atRest(seconds);
    fleet.away();
    fleet.etcd.close();
    System.exit(0);
  }

  private EtcdSettings settings(String endpoint) {
    return new EtcdSettings(List.of(endpoint), null, null, "/services", Duration.ofSeconds(15))
        .withDocuments("/mesh");
  }

  private static String text(String address) {
    return "{\"Op\":0,\"Addr\":\""
        + address
        + "\",\"Metadata\":null,\"Mesh\":{\"admin\":\"127.0.0.1:26464\",\"agent\":\"0.1.0\","
        + "\"application\":\"orders-backend\",\"scheme\":\"http\",\"started\":\"1795955400000\","
        + "\"version\":\"2026.11.4-g98baaa6\",\"zone\":\"eu-central-1b\"}}";
  }

  /** How many a second, 32 under way. */
  private static double rate(int times, Consumer<Reply<Object>> request)
      throws InterruptedException {
    Semaphore free = new Semaphore(32);
    CountDownLatch left = new CountDownLatch(times);
    long begun = System.nanoTime();
    for (int each = 0; each < times; each++) {
      free.acquire();
      request.accept(
          (value, failure) -> {
            free.release();
            left.countDown();
          });
    }
    left.await();
    return times / ((System.nanoTime() - begun) / 1e9);
  }

  private static <T> Reply<T> to(Reply<Object> reply) {
    return reply::arrived;
  }

  private void capacity() throws InterruptedException {
    EtcdOperations client = new EtcdClient(settings(wire.endpoint()));
    int[] number = {0};
    double writes =
        rate(
            entries,
            done -> {
              int each = number[0]++;
              String address = "10.0." + each / 250 + "." + each % 250 + ":50051";
              String key = "/services/shop.orders.v1.Service" + each % 200 + "/" + address;
              client.put(key, text(address), 0, 0, to(done));
            });
    String key = "/services/shop.orders.v1.Service0/10.0.0.0:50051";
    row("| request | a second | bytes of one on the wire |");
    row("|---|---|---|");
    row("| write | %.0f | |", writes);
    row("read of one key", 5_000, done -> client.read(List.of(key), to(done)));
    row("first key and how many", 1_000, done -> client.listKey("/services/", null, 0, to(done)));
    row("a page of 1,000", 200, done -> client.list("/services/", null, 0, 1_000, to(done)));
    long[] lease = new long[1];
    double unused =
        rate(
            1,
            done ->
                client.grant(
                    60,
                    (granted, failure) -> {
                      lease[0] = granted.id();
                      done.arrived(null, null);
                    }));
    row("renewal", 5_000, done -> client.renew(lease[0], to(done)));
    client.close();
  }

  private void row(String what, int times, Consumer<Reply<Object>> request)
      throws InterruptedException {
    long before = wire.bytes();
    double rate = rate(times, request);
    row("| %s | %.0f | %.0f |", what, rate, (wire.bytes() - before) / (double) times);
  }

  private static void row(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }

  private void start(int count) {
    for (int each = 0; each < count; each++) {
      EtcdRegistry agent = new EtcdRegistry(settings(wire.endpoint()));
      agent.documents((documents, listed) -> {});
      agent.start(new Unheard());
      String host = "10.9.0." + each;
      agent.register(
          "shop.orders.v1.Service" + each,
          new Instance(
              host, 50051, InetSocketAddress.createUnresolved(host, 50051), Map.of("a", "b")));
      agent.report("agent" + each, "{\"documents\":[]}");
      agents.add(agent);
    }
    awaitWhole(120);
    pause(30);
  }

  private boolean isWhole(EtcdRegistry agent) {
    Registry.Status status = agent.status();
    return status.registration().state() == RegistrationState.ALIVE
        && status.feed().state() == FeedState.WATCH;
  }

  private double awaitWhole(int seconds) {
    long begun = System.nanoTime();
    while (!agents.stream().allMatch(this::isWhole)) {
      if (System.nanoTime() - begun > seconds * 1_000_000_000L) {
        throw new IllegalStateException("not whole");
      }
      pause(0.05);
    }
    return (System.nanoTime() - begun) / 1e9;
  }

  private static void pause(double seconds) {
    long until = System.nanoTime() + (long) (seconds * 1e9);
    while (System.nanoTime() < until) {
      LockSupport.parkNanos(until - System.nanoTime());
    }
  }

  private void atRest(int seconds) {
    long before = wire.bytes();
    pause(seconds);
    row("");
    row(
        "At rest, %d agents and %d entries, %d s: %.0f bytes/s an agent.",
        agents.size(),
        entries + agents.size(),
        seconds,
        (wire.bytes() - before) / (double) seconds / agents.size());
  }

  private void away() throws Exception {
    etcd.kill();
    pause(AWAY_SECONDS);
    long lost = agents.stream().mapToLong(each -> each.status().registration().leasesLost()).sum();
    long lists = agents.stream().mapToLong(each -> each.status().feed().counts().relists()).sum();
    long before = wire.bytes();
    etcd.start();
    double whole = awaitWhole(BACK_SECONDS);
    pause(BACK_SECONDS - whole);
    row(
        "Etcd away for %d s: all whole %.1f s after it answers, %d leases lost, %d lists of the"
            + " directory, %.1f kB an agent in two minutes.",
        AWAY_SECONDS,
        whole,
        agents.stream().mapToLong(each -> each.status().registration().leasesLost()).sum() - lost,
        agents.stream().mapToLong(each -> each.status().feed().counts().relists()).sum() - lists,
        (wire.bytes() - before) / 1e3 / agents.size());
  }

  private static final class Unheard implements Registry.Listener {

    @Override
    public void listed(Map<String, List<Instance>> all) {}

    @Override
    public void changed(List<ServiceChange> some) {}

    @Override
    public void unreachable(String why) {}
  }
}
