package io.meshagent.it;

import static io.meshagent.it.harness.Steady.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.EtcdKeys;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.Steady;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Ports;
import io.meshagent.it.tools.ring.Thorough;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody else changes what a program has registered. */
@Thorough
class OwnEntriesIT {

  private static final String GREETER = "/services/helloworld.Greeter/127.0.0.1:";

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  private Jvm load;

  @BeforeEach
  void start_one_that_is_left_in_peace() {
    world.greeterServer(0, "b").start().awaitPort();
    load = world.loadClient().start();
  }

  @Test
  void a_key_that_was_deleted_and_a_lease_that_was_revoked_are_back_at_once() {
    Jvm server = world.greeterServer(0, "a").mesh("registry.ttl", "3s").start();
    String key = GREETER + server.awaitPort();
    load.awaitInstances(2);
    Steady steady = Steady.begin(load);

    double longestDeleted = 0;
    double longestRevoked = 0;
    int rounds = Scenario.times(2, 30);
    for (int i = 0; i < rounds; i++) {
      quiet();
      ETCD.keys().delete(key);
      longestDeleted = Math.max(longestDeleted, untilBack(server, key, 0));
      quiet();
      long lease = entry(key).lease();
      ETCD.keys().revoke(lease);
      longestRevoked = Math.max(longestRevoked, untilBack(server, key, lease));
    }

    assertThat(server.metrics().sum("mesh_registration_lease_losses_total")).isEqualTo(rounds);
    Scenario.of("our key deleted by hand; our lease revoked by hand")
        .saw(
            "%s, %d times each; back after at most %s and %s"
                .formatted(
                    steady.endUnharmed(),
                    rounds,
                    seconds(longestDeleted),
                    seconds(longestRevoked)));
  }

  /** The agent looks after an entry once a second: who fights it does not get it back faster. */
  private static void quiet() {
    Steady.pass(Duration.ofMillis(1_500));
  }

  private double untilBack(Jvm server, String key, long otherThan) {
    return Steady.secondsUntil(
        key,
        Duration.ofSeconds(2),
        () -> {
          EtcdKeys.Entry entry = entry(key);
          return entry != null && entry.lease() != otherThan;
        },
        server);
  }

  @Test
  void the_end_of_the_elder_of_two_that_claim_one_address_leaves_the_entry_of_the_younger() {
    // The younger is where the address says; the elder on another loopback address says the same.
    Jvm elder = claim("elder", "127.0.0.2", Ports.free());
    int port = elder.awaitPort();
    String key = GREETER + port;
    awaitOwner(key, "elder");
    claim("younger", "127.0.0.1", port).awaitPort();
    double taken = awaitOwner(key, "younger");
    load.awaitInstances(2);
    Steady steady = Steady.begin(load);

    long lease = entry(key).lease();
    assertThat(elder.terminate()).isEqualTo(143);

    await("the entry of the younger")
        .during(Scenario.lasting(Duration.ofSeconds(5), Duration.ofSeconds(30)))
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> entry(key) != null && entry(key).lease() == lease);
    Scenario.of("two JVMs claim the same host:port; the elder ends")
        .saw(
            steady.endUnharmed()
                + ", the younger had the key "
                + seconds(taken)
                + " after its start and kept it");
  }

  @Test
  void the_elder_of_two_that_claim_one_address_is_back_when_the_younger_has_died() {
    Jvm elder = claim("elder", "127.0.0.1", Ports.free());
    int port = elder.awaitPort();
    String key = GREETER + port;
    awaitOwner(key, "elder");
    Jvm younger = claim("younger", "127.0.0.2", port);
    younger.awaitPort();
    awaitOwner(key, "younger");
    load.awaitInstances(2);
    Steady steady = Steady.begin(load);

    younger.kill9();

    double back = awaitOwner(key, "elder");
    Scenario.of("two JVMs claim the same host:port; the younger is killed")
        .saw(
            "%s, the elder has the key back after %s (lease of %d s)"
                .formatted(steady.endUnharmed(), seconds(back), ttl().toSeconds()));
  }

  private static Duration ttl() {
    return Scenario.lasting(Duration.ofSeconds(3), Duration.ofSeconds(15));
  }

  private Jvm claim(String name, String host, int port) {
    JvmBuilder server = world.flakyServer(name, "host=" + host, "port=" + port);
    return server
        .mesh("app.name", name)
        .mesh("register.host", "127.0.0.1")
        .mesh("registry.ttl", ttl().toSeconds() + "s")
        .start();
  }

  private double awaitOwner(String key, String app) {
    return Steady.secondsUntil(
        app + " has " + key,
        ttl().plus(Jvm.PATIENCE),
        () -> {
          EtcdKeys.Entry entry = entry(key);
          return entry != null
              && entry.json().getAsJsonObject("Mesh").get("app").getAsString().equals(app);
        });
  }

  private EtcdKeys.Entry entry(String key) {
    return ETCD.keys().get(key).get(key);
  }
}
