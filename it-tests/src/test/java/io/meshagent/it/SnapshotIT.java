package io.meshagent.it;

import static io.meshagent.it.harness.Fleet.seconds;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Fleet;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Metrics;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A program that starts while etcd is away, on a machine where one ran before. */
class SnapshotIT {

  private static final int RATE = 100;

  @AutoClose private final EtcdServer etcd = EtcdServer.start();
  @AutoClose private final World world = World.on(etcd);

  @Test
  void no_etcd_at_start_and_a_snapshot_on_disk() {
    Fleet fleet = new Fleet(world, etcd, ofSeconds(15));
    Path disk = Places.newDirectory("snapshots");
    Jvm earlier = fleet.newClient().mesh("discover.snapshot.dir", disk).start();
    earlier.awaitInstances(3);
    await().atMost(Jvm.PATIENCE).until(() -> text(disk).contains("\nentries 3\n"));
    earlier.kill9();
    etcd.stop();

    Jvm client = fleet.newClient().mesh("discover.snapshot.dir", disk).start();
    client.await("ready");
    String unused = client.ask("begin rate=" + RATE);
    await()
        .atMost(Jvm.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(client.load("count").okBy())
                    .as(() -> client.described("calls by the snapshot"))
                    .hasSize(3));
    assertThat(client.metrics().sum("mesh_directory_stale")).isEqualTo(3);
    assertThat(client.metrics().sum("mesh_directory_healthy")).isZero();
    assertThat(Metrics.get(client.admin() + "/mesh"))
        .contains("from disk, written ")
        .contains("\"standing\": \"stale\"");
    assertThat(client.stderr())
        .anyMatch(line -> line.contains("calls go by the directory from disk"));
    Duration away = Scenario.lasting(ofSeconds(3), ofSeconds(60));
    fleet.pass(away);

    etcd.restart();
    Duration live =
        fleet.awaitSoon(
            ofSeconds(15),
            () ->
                client.metrics().sum("mesh_directory_healthy") == 1
                    && client.metrics().sum("mesh_directory_stale") == 0
                    && client.metrics().sum("mesh_directory_held") == 0
                    && client.metrics().sum("mesh_directory_instances") == 3);
    assertThat(Metrics.get(client.admin() + "/mesh")).doesNotContain("from disk");
    LoadResult result = client.load("end");

    assertThat(result.failures()).as(() -> client.described(result.toString())).isZero();
    assertThat(result.okBy()).containsOnlyKeys("a", "b", "c");
    Scenario.of("no etcd at start, disk snapshot present")
        .saw(
            Fleet.counts(RATE, result)
                + ", from the first on by the snapshot of 3 instances, marked stale; all live "
                + seconds(live)
                + " after etcd came");
  }

  private static String text(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> found =
          files.filter(file -> !file.getFileName().toString().startsWith(".")).toList();
      return found.isEmpty() ? "" : Files.readString(found.get(0));
    }
  }
}
