package io.meshagent.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.StartedServer;
import io.meshagent.core.registry.publish.StubServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunningServersTest {

  private final RunningServers servers = new RunningServers();

  @Test
  void one_that_shuts_down_is_known_to_do_so() {
    StartedServer one = new StubServer(1, "http", "a.B");
    StartedServer other = new StubServer(2, "http", "a.B");
    servers.started(one);
    servers.started(other);
    servers.stopping(one);

    assertThat(servers.all()).extracting(RunningServers.Known::server).containsExactly(one, other);
    assertThat(servers.all())
        .extracting(RunningServers.Known::isStopping)
        .containsExactly(true, false);
  }

  @Test
  void programs_that_start_servers_for_ever_do_not_fill_the_memory() {
    List<StartedServer> held = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      StartedServer server = new StubServer(i, "http", "a.B");
      held.add(server);
      servers.started(server);
      servers.stopping(server);
    }
    StartedServer last = new StubServer(5_000, "http", "a.B");
    servers.started(last);

    assertThat(servers.all()).hasSizeLessThanOrEqualTo(100);
    assertThat(servers.all()).extracting(RunningServers.Known::server).contains(last);
    assertThat(held).hasSize(1_000);
  }
}
