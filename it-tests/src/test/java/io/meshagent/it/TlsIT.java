package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Certificates;
import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.World;
import io.meshagent.it.programs.TlsPeer;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Servers and channels with TLS meet through the directory as plaintext ones do, and only their
 * like; the channel's own idea of who it talks to stays in force.
 */
class TlsIT {

  private static final Certificates CERTIFICATES = Certificates.of("one");

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  /** In 1.53 gRPC's own forwarding call forgets how safe a connection is. */
  @ParameterizedTest(name = "gRPC {0} on Java {1}, channels over {2}")
  @CsvSource("1.82.2,25,netty-shaded")
  @ThoroughRows({"1.22.1,8,netty-shaded", "1.53.0,17,okhttp"})
  void tls_meets_tls_and_plaintext_meets_plaintext(String grpc, int jdk, String transport) {
    Jvm peer =
        world
            .launch("tls")
            .main(Classpaths.ofAllTransports(grpc), TlsPeer.class.getName())
            .args(transport, CERTIFICATES.cert("server").getParent())
            .on(jdk)
            .leavingFast()
            .start();
    peer.await("ready");
    await()
        .atMost(Jvm.PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(schemes("tls.Both")).containsOnlyKeys("http", "https");
              assertThat(schemes("tls.Plain")).containsOnlyKeys("http");
              assertThat(schemes("tls.Tls")).containsOnlyKeys("https");
              assertThat(schemes("tls.Mutual")).containsOnlyKeys("https");
            });
    peer.awaitDirectory(5);
    String safe = grpc.equals("1.22.1") ? "unknown" : "PRIVACY_AND_INTEGRITY";
    String unsafe = grpc.equals("1.22.1") ? "unknown" : "NONE";
    for (int i = 0; i < 3; i++) {
      assertThat(peer.ask("call tls tls.Both")).isEqualTo("tls localhost:1 " + safe);
      assertThat(peer.ask("call plain tls.Both")).isEqualTo("plain localhost:1 " + unsafe);
    }
    assertThat(peer.ask("call tls tls.Tls")).isEqualTo("tls localhost:1 " + safe);
    assertThat(peer.ask("call plain tls.Plain")).isEqualTo("plain localhost:1 " + unsafe);
    // Only instances of the other kind: the call goes to its own target, where nobody listens.
    assertThat(peer.ask("call plain tls.Tls")).startsWith("UNAVAILABLE").contains("refused");
    assertThat(peer.ask("call tls tls.Plain")).startsWith("UNAVAILABLE").contains("refused");
    Predicate<String> told = line -> line.contains("no instance of tls.Plain speaks https");
    peer.awaitError(told, Jvm.PATIENCE);
    assertThat(peer.stderr()).filteredOn(told).hasSize(1);
    // Found, and refused by the channel itself.
    assertThat(peer.ask("call stranger tls.Tls")).startsWith("UNAVAILABLE").contains("stranger");
    assertThat(peer.ask("call distrusting tls.Tls")).startsWith("UNAVAILABLE").contains("PKIX");
    // Refused by the server, since the client shows nothing …
    assertThat(peer.ask("call tls tls.Mutual")).startsWith("UNAVAILABLE");
    if (transport.equals("netty-shaded")) {
      // … and let in with a certificate.
      assertThat(peer.ask("call mutual tls.Mutual")).isEqualTo("mutual localhost:1 " + safe);
    }
    peer.say("quit");
    assertThat(peer.awaitExit()).isZero();
  }

  /** The keys of a service by the scheme of their server. */
  private static Map<String, String> schemes(String service) {
    return ETCD.keys().get("/services/" + service + "/").entrySet().stream()
        .collect(
            Collectors.toMap(
                each -> each.getValue().json().getAsJsonObject("Mesh").get("scheme").getAsString(),
                Map.Entry::getKey,
                (one, other) -> one + " and " + other));
  }
}
