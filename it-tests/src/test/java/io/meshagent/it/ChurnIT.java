package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.World;
import io.meshagent.it.programs.Churn;
import io.meshagent.it.tools.ring.LongForm;
import io.meshagent.it.tools.ring.Thorough;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * A service of very many instances, of which one goes and one comes ten times a second while it is
 * called: no call fails, and neither connections nor memory become more. All instances are
 * addresses of one server.
 */
class ChurnIT {

  private static final String SERVICE = "shop.team00.v1.Service000";

  /** Those of a subset, and of the changes of half a second that are not closed yet. */
  private static final double MOST_CONNECTIONS = 25 + 10;

  @AutoClose private final EtcdServer etcd = EtcdServer.start();
  @AutoClose private final World world = World.on(etcd);

  private static double said(Jvm client, String name) {
    String line = client.await(each -> each.startsWith(name + "="), Jvm.PATIENCE);
    return Double.parseDouble(line.substring(name.length() + 1));
  }

  private void churn(int instances, int seconds, int rate, int times) {
    Jvm server = world.flakyServer("all", "services=" + SERVICE).withoutAgent().start();
    Jvm client =
        world
            .program("churn", Churn.class)
            // Before the first list all calls fail, and a circuit that opens then fails others.
            .mesh("client.breaker.enabled", "false")
            .args(etcd.endpoint(), "/services", server.awaitPort(), instances, seconds, rate, times)
            .start();
    client.await(line -> line.equals("done"), Duration.ofSeconds(120 + 3L * seconds + 4L * times));

    Scenario.of(
            "one of %,d instances goes and another comes, ten times a second".formatted(instances))
        .saw(
            "%d s, %.0f calls, %.0f failed; connections %.0f before, %.0f after; heap %.1f MB, %.1f MB"
                    .formatted(
                        seconds,
                        said(client, "answered"),
                        said(client, "failed"),
                        said(client, "connections_before"),
                        said(client, "connections_after"),
                        said(client, "heap_before_kb") / 1024,
                        said(client, "heap_after_kb") / 1024)
                + pickers(client, times));
    assertThat(said(client, "answered")).isPositive();
    assertThat(said(client, "failed")).as(() -> client.described("calls")).isZero();
    assertThat(said(client, "connections_after"))
        .as(() -> client.described("connections"))
        .isBetween(2.0, MOST_CONNECTIONS);
    assertThat(said(client, "heap_after_kb"))
        .as(() -> client.described("memory"))
        .isLessThan(1.2 * said(client, "heap_before_kb") + 4_096);
    if (times > 0) {
      assertThat(said(client, "in_picker_p99_ms")).isLessThan(100);
    }
  }

  /** The last call to an instance after it was changed: at the rate of calls to one, no finer. */
  private static String pickers(Jvm client, int times) {
    return times == 0
        ? ""
        : "; in the picker after %.0f ms (half), %.0f ms (p99), %.0f ms (all)"
            .formatted(
                said(client, "in_picker_p50_ms"),
                said(client, "in_picker_p99_ms"),
                said(client, "in_picker_max_ms"));
  }

  @Thorough
  @Test
  void of_two_thousand_instances_some_change_for_some_seconds() {
    churn(2_000, 5, 100, 0);
  }

  @LongForm
  @Test
  void of_ten_thousand_instances_some_change_for_a_minute() {
    churn(10_000, 60, 1_000, 100);
  }
}
