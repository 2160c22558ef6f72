package io.meshagent.it.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;

/**
 * Three servers of one service and a client that calls them at a steady rate while something
 * happens to their registry. For the test's thread.
 */
public final class Fleet {

  public static final String KEYS = "/services/";
  private static final Duration PACE = Duration.ofMillis(100);

  private final World world;
  private final EtcdServer etcd;
  private final Duration ttl;
  private final Map<String, Jvm> servers = new LinkedHashMap<>();
  private final Map<String, String> keys = new LinkedHashMap<>();
  private final Jvm client;
  private int fewest = Integer.MAX_VALUE;

  /** Starts them, and waits until the client knows all three. */
  public Fleet(World world, EtcdServer etcd, Duration ttl) {
    this.world = world;
    this.etcd = etcd;
    this.ttl = ttl;
    for (String name : new String[] {"a", "b", "c"}) {
      add(name);
    }
    client = newClient().start();
    servers.forEach((name, server) -> keys.put(name, key(server)));
    client.awaitInstances(3);
  }

  /** One more server; not waited for. */
  public Jvm add(String name) {
    Jvm server = world.flakyServer(name).mesh("registry.ttl", ttl.toSeconds() + "s").start();
    servers.put(name, server);
    return server;
  }

  /** Without a breaker: a call that it refuses would hide where the call would have gone. */
  public JvmBuilder newClient() {
    return world
        .loadClient()
        .mesh("registry.ttl", ttl.toSeconds() + "s")
        // What the registry does is to be seen, and nobody else keeps calls from an instance.
        .mesh("client.breaker.enabled", "false")
        .mesh("client.balance", "round_robin")
        .mesh("client.ejection", "off")
        .mesh("client.slow-start", "off");
  }

  private static String key(Jvm server) {
    return KEYS + "helloworld.Greeter/127.0.0.1:" + server.awaitPort();
  }

  public Jvm server(String name) {
    return servers.get(name);
  }

  public Jvm client() {
    return client;
  }

  /** Calls begin, and all servers answer some, once each of these programs has done it before. */
  public void begin(int rate, int deadlineMillis) {
    awaitSoon(Jvm.PATIENCE, () -> client.load("calls rate=20 n=20 deadline=0").okBy().size() == 3);
    String unused = client.ask("begin rate=" + rate + " deadline=" + deadlineMillis);
    awaitSoon(Jvm.PATIENCE, () -> count().okBy().size() == 3);
  }

  public LoadResult count() {
    return client.load("count");
  }

  public LoadResult end() {
    return client.load("end");
  }

  /** Lets time pass, and looks at the client's directory all the while. */
  public void pass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    awaitSoon(time.plusSeconds(30), () -> System.nanoTime() - end >= 0);
  }

  /**
   * Waits for something, and looks at the client's directory all the while.
   *
   * @return how long it took
   */
  public Duration awaitSoon(Duration patience, Callable<Boolean> condition) {
    long began = System.nanoTime();
    await()
        .atMost(patience)
        .pollInterval(PACE)
        .until(
            () -> {
              fewest = Math.min(fewest, known());
              return condition.call();
            });
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /** The fewest instances that the client was seen to know since the start. */
  public int fewest() {
    return fewest;
  }

  public int known() {
    return (int) client.metrics().sum("mesh_directory_instances");
  }

  public int held() {
    return (int) client.metrics().sum("mesh_directory_held");
  }

  /** Waits until etcd has the entries of these servers, others or not. */
  public Duration awaitRegistered(Duration patience, String... names) {
    Set<String> wanted = new TreeSet<>();
    for (String name : names) {
      wanted.add(keys.computeIfAbsent(name, unused -> key(servers.get(name))));
    }
    return awaitSoon(patience, () -> etcd.keys().get(KEYS).keySet().containsAll(wanted));
  }

  public boolean isRegistered(String name) {
    return etcd.keys().get(KEYS).containsKey(keys.get(name));
  }

  /** How many leases these servers have lost. */
  public int leasesLost(String... names) {
    int lost = 0;
    for (String name : names) {
      lost += (int) servers.get(name).metrics().sum("mesh_registration_lease_losses_total");
    }
    return lost;
  }

  /** Not one call failed. */
  public void hasNoFailure(LoadResult result) {
    assertThat(result.failures()).as(() -> client.described(result.toString())).isZero();
  }

  /**
   * Does something, and says how many calls can have been in flight until it was done: those that
   * were, and those that began meanwhile.
   */
  public int inFlightWhile(int rate, Runnable deed) {
    long began = System.nanoTime();
    int open = Integer.parseInt(client.ask("open"));
    deed.run();
    return open + (int) Math.ceil(rate * (System.nanoTime() - began) / 1e9);
  }

  /** For the report: {@code 200 calls/s, 4,000 calls, 0 failed}. */
  public static String counts(int rate, LoadResult result) {
    return String.format(
        "%d calls/s, %,d calls, %d failed",
        rate, result.ok() + result.failures(), result.failures());
  }

  /** {@code 1.2 s}. */
  public static String seconds(Duration time) {
    return String.format("%.1f s", time.toMillis() / 1_000.0);
  }
}
