package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Certificates;
import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdKeys;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.World;
import io.meshagent.it.programs.InteropCases;
import io.meshagent.it.programs.InteropServers;
import io.meshagent.it.tools.Ports;
import io.meshagent.it.tools.ring.Thorough;
import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * gRPC's own interoperability suite, every case that needs no cloud, over plaintext and TLS: with
 * the agent on both sides and a target where nobody listens, each case ends as it does without.
 */
@Thorough
class InteropIT {

  /** These fail without the agent too: gRPC's own Java server does not do what they ask for. */
  private static final List<String> BEYOND_THE_SERVER =
      List.of("cacheable_unary", "client_compressed_streaming", "client_compressed_unary");

  /** What needs a cloud, and what can't be done by a call that is rerouted. */
  private static final String ALL_OTHERS =
      "(?!compute_|service_account|jwt_|oauth2_|per_rpc_|google_|orca_|unimplemented_service).*";

  /** Asks for a service that nobody hosts, so it goes to the channel's own target: a real one. */
  private static final String OF_NO_SERVICE = "unimplemented_service";

  /**
   * Load reports are for a balancing policy of the program, whose channel is left alone: to a real
   * target.
   */
  private static final String OF_OWN_BALANCER = "orca_.*";

  private static final String OWN_BALANCER =
      "--service_config_json={\"loadBalancingConfig\":[{\"test_backend_metrics_load_balancer\":{}}]}";

  private static final String PLAINTEXT = "--use_tls=false";
  private static final String TLS =
      "--use_tls=true,--use_test_ca=true,--server_host_override=foo.test.google.fr";

  private static final int NOBODY = 1;

  private static final Certificates CERTIFICATES = Certificates.of("one");

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  /** The oldest on the floor's API, one from the middle, and the last two that were published. */
  @ParameterizedTest(name = "grpc-interop-testing {0} on Java {1}")
  @CsvSource({"1.22.1,8", "1.30.2,17", "1.45.1,11", "1.60.0,17", "1.76.3,21", "1.79.0,25"})
  void every_case_ends_as_it_does_without_the_agent(String version, int jdk) {
    // gRPC's own certificates end some day, the oldest ones have; the first on the path are taken.
    String classPath =
        String.join(
            File.pathSeparator,
            CERTIFICATES.asGrpcTestCertificates().toString(),
            Classpaths.ofProgramsWith("io.grpc:grpc-interop-testing:" + version));
    int[] plain = {Ports.free(), Ports.free()};
    int[] tls = {Ports.free(), Ports.free()};
    Jvm server = servers("interop-server", classPath, plain[0], tls[0]).on(jdk).start();
    Jvm bareServer =
        servers("bare-server", classPath, plain[1], tls[1]).withoutAgent().on(jdk).start();
    for (Jvm each : List.of(server, bareServer)) {
      await("both its servers have started")
          .atMost(Jvm.PATIENCE)
          .until(
              () -> each.stdout().stream().filter(line -> line.contains("started")).count() == 2);
    }
    await()
        .atMost(Jvm.PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(scheme(plain[0])).as(() -> server.described("plain")).isEqualTo("http");
              assertThat(scheme(tls[0])).as(() -> server.described("tls")).isEqualTo("https");
            });
    Jvm bareClient =
        cases("bare", classPath, plain[1], plain[1], tls[1], tls[1]).withoutAgent().on(jdk).start();
    Map<String, String> expected = results(bareClient);
    assertThat(expected.entrySet().stream().filter(each -> !each.getValue().equals("passed")))
        .as("fail without the agent")
        .extracting(Map.Entry::getKey)
        .containsExactlyElementsOf(
            Stream.of("plaintext ", "tls ")
                .flatMap(kind -> BEYOND_THE_SERVER.stream().map(name -> kind + name))
                .toList());
    assertThat(expected).hasSizeGreaterThanOrEqualTo(2 * 20);
    // Not at the same time as the other: some cases measure how long their calls take.
    Jvm client = cases("interop", classPath, NOBODY, plain[0], NOBODY, tls[0]).on(jdk).start();
    assertThat(results(client)).as(() -> client.described("with")).isEqualTo(expected);
    // Observed, calls go to the channel's own target, and nothing is done to them.
    Jvm observed =
        cases("observed", classPath, plain[0], plain[0], tls[0], tls[0])
            .mesh("governance", "observe")
            .mesh("client.timeout", "1ms")
            .mesh("client.rate-limit.rate", "1/m")
            .mesh("client.fault", "delay 200ms 50%; abort UNAVAILABLE 50%")
            .mesh("client.route", "* -> version=nobody")
            .on(jdk)
            .start();
    assertThat(results(observed)).as(() -> observed.described("observed")).isEqualTo(expected);
  }

  private JvmBuilder servers(String name, String classPath, int plain, int tls) {
    return world
        .launch(name)
        .main(classPath, InteropServers.class.getName())
        .args("--port=" + plain + "," + PLAINTEXT, "--port=" + tls + ",--use_tls=true");
  }

  /** The ports of the calls that the agent leads, and of those that go where the channel says. */
  private JvmBuilder cases(
      String name, String classPath, int led, int plain, int ledByTls, int tls) {
    return world
        .launch(name)
        .main(classPath, InteropCases.class.getName())
        // A busy machine may take longer over the first list, and their targets are of no use.
        .mesh("discover.first-wait", "60s")
        .args(
            // The slow ones first.
            kind("plaintext", OF_OWN_BALANCER, "127.0.0.1", plain, PLAINTEXT + "," + OWN_BALANCER),
            kind("tls", OF_OWN_BALANCER, "127.0.0.1", tls, TLS + "," + OWN_BALANCER),
            kind("plaintext", ALL_OTHERS, "localhost", led, PLAINTEXT),
            kind("tls", ALL_OTHERS, "localhost", ledByTls, TLS),
            kind("plaintext", OF_NO_SERVICE, "localhost", plain, PLAINTEXT),
            kind("tls", OF_NO_SERVICE, "localhost", tls, TLS));
  }

  private static String kind(String name, String cases, String host, int port, String flags) {
    return name + "/" + cases + "/--server_host=" + host + ",--server_port=" + port + "," + flags;
  }

  private static Map<String, String> results(Jvm client) {
    client.await(line -> line.equals("done"), Duration.ofMinutes(3));
    assertThat(client.awaitExit()).isZero();
    return client.stdout().stream()
        .filter(line -> line.startsWith("case "))
        .map(line -> line.split(" ", 4))
        .collect(
            Collectors.toMap(
                words -> words[1] + " " + words[2],
                words -> words[3].replaceAll(":\\d+", ":port"),
                (one, other) -> one + ", then " + other,
                TreeMap::new));
  }

  private static String scheme(int port) {
    String key = "/services/grpc.testing.TestService/127.0.0.1:" + port;
    EtcdKeys.Entry entry = ETCD.keys().get(key).get(key);
    return entry == null
        ? "not registered yet"
        : entry.json().getAsJsonObject("Mesh").get("scheme").getAsString();
  }
}
