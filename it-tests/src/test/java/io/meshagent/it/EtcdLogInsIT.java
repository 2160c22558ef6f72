package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.EtcdCtl;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Metrics;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A log-in costs etcd so much that each program does it as seldom as it can. */
@Thorough
class EtcdLogInsIT {

  private static final String ALL = "/services/";
  private static final String SECRET = "s3cret-" + EtcdLogInsIT.class.getSimpleName();

  @AutoClose private final EtcdServer etcd = EtcdServer.start();
  @AutoClose private final World world = World.on(etcd);

  /** How many there were since etcd started. */
  private int logIns() {
    return Metrics.get(etcd.endpoint() + "/metrics")
        .lines()
        .filter(line -> line.startsWith("grpc_server_handled_total"))
        .filter(line -> line.contains("\"Authenticate\""))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void an_etcd_that_restarts_has_one_log_in_of_each_program_at_most_and_no_lease_is_lost() {
    EtcdCtl root = etcd.ctl().withUsers(SECRET, "readwrite", ALL);
    Jvm server =
        world.flakyServer("a").mesh("etcd.user", "app").env("MESH_ETCD_PASSWORD", SECRET).start();
    int port = server.awaitPort();
    Jvm client =
        world.loadClient().mesh("etcd.user", "app").env("MESH_ETCD_PASSWORD", SECRET).start();
    client.ask("begin rate=100 channel=target:localhost:" + port);
    await("registered").atMost(Jvm.PATIENCE).until(() -> root.get(ALL).size() == 1);
    client.awaitInstances(1);
    double lost = server.metrics().sum("mesh_registration_lease_losses_total");

    etcd.stop();
    await("seen to be away").atMost(Jvm.PATIENCE).until(() -> !isHealthy(client));
    etcd.restart();
    await("both are in again")
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                isHealthy(server)
                    && isHealthy(client)
                    && server.metrics().sum("mesh_registration_registered") == 1);

    // None, where etcd still has the tokens in its log.
    assertThat(logIns()).as("one of each at most").isLessThanOrEqualTo(2);
    assertThat(server.metrics().sum("mesh_registration_lease_losses_total")).isEqualTo(lost);
    LoadResult result = client.load("end");
    assertThat(result.failures()).as(() -> client.described(result.toString())).isZero();
    assertThat(root.get(ALL)).hasSize(1);
    root.run("put", ALL + "other.Service/127.0.0.1:1", "127.0.0.1:1");
    client.awaitDirectory(2);
  }

  private static boolean isHealthy(Jvm jvm) {
    return jvm.metrics().sum("mesh_directory_healthy") == 1;
  }
}
