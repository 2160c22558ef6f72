package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Metrics;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Alone;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rate is shared by the servers of a service. */
@Alone
class SharedRateIT {

  private static final String SERVICE = "shared.Greeter";
  private static final String CALLS = "calls n=2400 rate=600 threads=32 service=" + SERVICE;
  private static final String RATE = "server.rate-limit.rate@" + SERVICE;

  @AutoClose private final World world = World.local();

  private final Deque<Jvm> servers = new ArrayDeque<>();

  private void start(int number) {
    Jvm server =
        world
            .flakyServer("s" + number, "services=" + SERVICE)
            .mesh(RATE, "200/s")
            .mesh("server.rate-limit.scope", "cluster")
            // A machine that stands still for a moment loses nothing.
            .mesh("server.rate-limit.burst", "200")
            .leavingFast()
            .start();
    server.awaitPort();
    servers.push(server);
  }

  @Thorough
  @ParameterizedTest(name = "{0} servers")
  @ValueSource(strings = "2 1")
  @ThoroughRows("1 2 3 2 1")
  void servers_that_come_and_go_answer_the_rate_together(String counts) {
    Jvm client = null;
    int started = 0;
    for (String count : counts.split(" ", -1)) {
      int wanted = Integer.parseInt(count);
      while (servers.size() < wanted) {
        start(++started);
      }
      while (servers.size() > wanted) {
        assertThat(servers.pop().terminate()).isEqualTo(143);
      }
      client = client == null ? world.loadClient().start() : client;
      client.awaitInstances(wanted);
      client.load(CALLS);
      servers.forEach(server -> awaitSharers(server, wanted));
      // What was saved up meanwhile.
      client.load(CALLS);
      long began = System.nanoTime();

      LoadResult result = client.load(CALLS);

      double seconds = (System.nanoTime() - began) / 1e9;
      Jvm asked = client;
      assertThat((double) result.ok())
          .as(() -> asked.described(count + " servers: " + result))
          .isBetween(0.95 * 200 * (result.millis() - result.idle()) / 1e3, 1.05 * 200 * seconds);
      assertThat(result.failures("RESOURCE_EXHAUSTED")).isEqualTo(result.failures());
      assertThat(result.okBy()).hasSize(wanted);
    }
  }

  private static void awaitSharers(Jvm server, int count) {
    await("shared by " + count)
        .atMost(Jvm.PATIENCE)
        .until(
            () ->
                Metrics.get(server.admin() + "/mesh")
                    .contains("shared by " + count + " instances"));
  }
}
