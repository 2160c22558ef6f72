package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Certificates;
import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdCtl;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Metrics;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Thorough;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * An etcd that does not let the program in: one line for each cause, tried again until it is put
 * right, and the program's calls flow meanwhile.
 */
class EtcdAccessIT {

  private static final Scenario ROW =
      Scenario.of("wrong password, expired token, wrong CA, read-only user");
  private static final String ALL = "/services/";
  private static final String SECRET = "s3cret-" + EtcdAccessIT.class.getSimpleName();

  private final List<AutoCloseable> open = new ArrayList<>();
  private World world;

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private EtcdServer etcd(String... flags) {
    EtcdServer etcd = EtcdServer.start(flags);
    world = World.on(etcd);
    open.add(world);
    open.add(etcd);
    return etcd;
  }

  /** The server and the client of one program, both configured alike; calls flow between them. */
  private final class Pair {
    private final Jvm server;
    private final Jvm client;
    private final int port;

    Pair(UnaryOperator<JvmBuilder> settings) {
      server = settings.apply(world.flakyServer("a").mesh("registry.ttl", "3s")).start();
      port = server.awaitPort();
      client = settings.apply(world.loadClient()).start();
      client.ask("begin rate=100 channel=target:localhost:" + port);
    }

    /** Says a line with all the words, and no other. */
    void saidOnce(Jvm jvm, String... words) {
      jvm.awaitError(line -> Stream.of(words).allMatch(line::contains), Jvm.PATIENCE);
      assertThat(warnings(jvm)).as(() -> jvm.described("one line")).hasSize(1);
    }

    /** What is wrong goes on for a while, through several tries; nothing is said twice. */
    void saidNoMore() {
      long until = System.nanoTime() + Scenario.lasting(seconds(3), seconds(60)).toNanos();
      await().atMost(Duration.ofMinutes(2)).until(() -> System.nanoTime() > until);
      assertThat(warnings(server)).as(() -> server.described("one line")).hasSize(1);
      // The client says the same, unless it is about registering; it may not have come to it yet.
      assertThat(warnings(client))
          .as(() -> client.described("one line"))
          .hasSizeLessThanOrEqualTo(1);
    }

    /** Registered and discovered, and no call has failed. */
    void isMember(EtcdCtl root, String how) {
      long began = System.nanoTime();
      String key = ALL + "helloworld.Greeter/127.0.0.1:" + port;
      await(key)
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(root.get(ALL)).containsOnlyKeys(key));
      await("the client's directory")
          .atMost(Duration.ofSeconds(60))
          .until(() -> client.metrics().sum("mesh_directory_instances") == 1);
      long millis = (System.nanoTime() - began) / 1_000_000;
      noCallFailed(how + ", then a member after " + millis + " ms");
    }

    void noCallFailed(String how) {
      LoadResult result = client.load("end");
      assertThat(result.failures()).as(() -> client.described(result.toString())).isZero();
      ROW.saw(how + ": " + result.ok() + " calls, 0 failed, one line for the cause");
    }

    void showsNoSecret() {
      for (Jvm jvm : List.of(server, client)) {
        assertThat(String.join("\n", jvm.stderr()) + jvm.stdout()).doesNotContain(SECRET);
        assertThat(Metrics.get(jvm.admin() + "/mesh") + jvm.metrics().text())
            .doesNotContain(SECRET);
      }
    }
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  private static List<String> warnings(Jvm jvm) {
    return jvm.stderr().stream().filter(line -> !line.contains("governs gRPC")).toList();
  }

  @Test
  void a_wrong_password_is_said_once_and_put_right_in_etcd() {
    EtcdCtl root = etcd().ctl().withUsers("another", "readwrite", ALL);
    Pair pair = new Pair(jvm -> jvm.mesh("etcd.user", "app").env("MESH_ETCD_PASSWORD", SECRET));
    pair.saidOnce(pair.server, "etcd does not let this program in", "authentication failed");
    pair.saidOnce(pair.client, "etcd does not let this program in", "etcd.user");
    pair.saidNoMore();

    root.run("user", "delete", "app");
    root.run("user", "add", "app:" + SECRET);
    root.run("user", "grant-role", "app", "app");

    pair.isMember(root, "wrong password, changed in etcd");
    pair.showsNoSecret();
  }

  @Thorough
  @Test
  void a_password_file_that_is_missing_is_named_and_read_when_it_comes() throws IOException {
    EtcdCtl root = etcd().ctl().withUsers(SECRET, "readwrite", ALL);
    Path file = Places.newDirectory("secret").resolve("password");
    Pair pair = new Pair(jvm -> jvm.mesh("etcd.user", "app").mesh("etcd.password-file", file));
    pair.saidOnce(pair.server, "there is no file " + file + " (etcd.password-file)");
    pair.saidNoMore();

    Files.writeString(file, SECRET + "\n");

    pair.isMember(root, "password file missing, put in place");
    pair.showsNoSecret();
  }

  @Thorough
  @Test
  void a_token_that_expires_again_and_again_costs_nothing() {
    EtcdCtl root = etcd(Certificates.tokenFlag(3)).ctl().withUsers(SECRET, "readwrite", ALL);
    Pair pair = new Pair(jvm -> jvm.mesh("etcd.user", "app").env("MESH_ETCD_PASSWORD", SECRET));
    await("registered").atMost(Jvm.PATIENCE).until(() -> root.get(ALL).size() == 1);
    String key = root.run("get", "--prefix", ALL, "-w", "fields");
    // Several lives of a token and of a lease.
    long until = System.nanoTime() + Scenario.lasting(seconds(10), seconds(120)).toNanos();
    await()
        .atMost(Duration.ofMinutes(3))
        .until(
            () -> {
              assertThat(root.get(ALL)).hasSize(1);
              return System.nanoTime() > until;
            });
    assertThat(leaseOf(root.run("get", "--prefix", ALL, "-w", "fields")))
        .as("the lease of the beginning")
        .isEqualTo(leaseOf(key));

    // Whoever comes now is seen by a watch that began with a token of long ago.
    root.run("put", ALL + "other.Service/127.0.0.1:1", "127.0.0.1:1");
    await("the change")
        .atMost(Duration.ofSeconds(5))
        .until(() -> pair.client.metrics().sum("mesh_directory_instances") == 2);
    assertThat(warnings(pair.server)).isEmpty();
    assertThat(warnings(pair.client)).isEmpty();
    root.run("del", ALL + "other.Service/127.0.0.1:1");
    pair.isMember(root, "token of 3 s, expired again and again");
  }

  private static String leaseOf(String fields) {
    return fields.lines().filter(line -> line.startsWith("\"Lease\"")).findFirst().orElseThrow();
  }

  @Thorough
  @Test
  void a_user_who_may_only_read_is_told_so_and_registered_when_he_may_write() {
    EtcdCtl root = etcd().ctl().withUsers(SECRET, "read", ALL);
    Pair pair = new Pair(jvm -> jvm.mesh("etcd.user", "app").env("MESH_ETCD_PASSWORD", SECRET));
    pair.saidOnce(pair.server, "does not let this program register", "permission denied");
    pair.saidNoMore();
    assertThat(warnings(pair.client)).isEmpty();

    root.run("role", "grant-permission", "app", "readwrite", "--prefix=true", ALL);

    pair.isMember(root, "read-only user, given the right to write");

    // A further part of etcd that may not be read takes nothing from the rest.
    Jvm curious =
        world
            .loadClient()
            .mesh("etcd.user", "app")
            .env("MESH_ETCD_PASSWORD", SECRET)
            .mesh("registry.read", "kratos:/microservices")
            .start();
    curious.awaitInstances(1);
    pair.saidOnce(curious, "see the directory below /microservices", "permission denied");
    assertThat(curious.load("calls n=20").okBy()).containsOnlyKeys("a");
  }

  @Thorough
  @Test
  void a_program_that_leaves_says_nothing_of_entries_that_it_may_not_write_any_more() {
    EtcdCtl root = etcd().ctl().withUsers(SECRET, "readwrite", ALL);
    Jvm server =
        world
            .flakyServer("a")
            .mesh("etcd.user", "app")
            .env("MESH_ETCD_PASSWORD", SECRET)
            .leavingFast()
            .start();
    server.awaitPort();
    await("registered").atMost(Jvm.PATIENCE).until(() -> root.get(ALL).size() == 1);
    root.run("role", "revoke-permission", "app", ALL, "--prefix=true");

    assertThat(server.terminate()).isEqualTo(143);

    assertThat(warnings(server)).as(() -> server.described("nothing is wrong")).isEmpty();
    ROW.saw("right to write taken away before the end: no line");
  }

  @Thorough
  @Test
  void a_user_is_harmless_where_etcd_has_none() {
    EtcdCtl ctl = etcd().ctl();
    Pair pair = new Pair(jvm -> jvm.mesh("etcd.user", "app").env("MESH_ETCD_PASSWORD", SECRET));
    pair.saidOnce(pair.server, "asks nobody for a user", "etcd.user");
    pair.saidNoMore();
    pair.isMember(ctl, "user set, etcd without users");
    pair.client.ask("begin rate=100");

    // Users are made while the agents run.
    EtcdCtl root = ctl.withUsers(SECRET, "readwrite", ALL);
    root.run("put", ALL + "other.Service/127.0.0.1:1", "127.0.0.1:1");
    await("the change")
        .atMost(Duration.ofSeconds(30))
        .until(() -> pair.client.metrics().sum("mesh_directory_instances") == 2);
    root.run("del", ALL + "other.Service/127.0.0.1:1");
    pair.isMember(root, "users made while it runs");
  }

  @Thorough
  @Test
  void the_wrong_authority_is_said_once_and_the_right_one_is_read_when_it_comes()
      throws IOException {
    Certificates right = Certificates.of("one");
    EtcdCtl ctl = etcd(right.etcdFlags()).ctl(right.ctlFlags());
    // The oldest Java is the one whose TLS could lack something.
    world.with(Classpaths.MIDDLE, 8);
    Path ca = Places.newDirectory("ca").resolve("ca.pem");
    Files.copy(Certificates.of("another").authority(), ca);
    Pair pair =
        new Pair(
            jvm ->
                jvm.mesh("etcd.tls.ca", ca)
                    .mesh("etcd.tls.cert", right.cert("client"))
                    .mesh("etcd.tls.key", right.key("client")));
    pair.saidOnce(pair.server, "the TLS connection to etcd does not come about", "etcd.tls.ca");
    pair.saidNoMore();

    Files.copy(right.authority(), ca, StandardCopyOption.REPLACE_EXISTING);

    pair.isMember(ctl, "wrong CA, right file put in its place");
  }

  @Thorough
  @Test
  void a_missing_certificate_is_said_once() throws IOException {
    Certificates right = Certificates.of("one");
    EtcdCtl ctl = etcd(right.etcdFlags()).ctl(right.ctlFlags());
    Path cert = Places.newDirectory("cert").resolve("client.pem");
    Pair named =
        new Pair(
            jvm ->
                jvm.mesh("etcd.tls.ca", right.authority())
                    .mesh("etcd.tls.cert", cert)
                    .mesh("etcd.tls.key", right.key("client")));
    named.saidOnce(named.server, "there is no file " + cert + " (etcd.tls.cert)");
    named.saidNoMore();
    Files.copy(right.cert("client"), cert);
    named.isMember(ctl, "file of the client certificate missing, put in place");

    Pair without = new Pair(jvm -> jvm.mesh("etcd.tls.ca", right.authority()));
    without.saidOnce(
        without.server, "the TLS connection to etcd does not come about", "etcd.tls.cert");
    without.saidNoMore();
    without.noCallFailed("no client certificate, refused");
  }
}
