package io.meshagent.core.registry.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.run.ManualLoop;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContainerPortTest {

  private final ManualLoop loop = new ManualLoop();
  private final List<String> said = new ArrayList<>();
  private final Ports ports = new Ports();
  private final ContainerPort container = new ContainerPort(ports, loop, loop);

  private static final class Ports implements Network {
    private String open = "";

    @Override
    public boolean accepts(String host, int port) {
      return (host + ":" + port).equals(open);
    }

    @Override
    public InetAddress routeTo(String host) {
      return null;
    }

    @Override
    public boolean isLoopback(String host) {
      return false;
    }

    @Override
    public List<Interface> interfaces() {
      return List.of();
    }
  }

  private void await(Object server) {
    container.whenOpen(server, "10.1.2.3", 8080, () -> said.add("open"));
  }

  @Test
  void waits_until_somebody_accepts_connections() {
    await("server");
    await("server");
    loop.passSeconds(5);
    assertThat(said).isEmpty();

    ports.open = "10.1.2.3:8080";
    loop.passSeconds(1);
    assertThat(said).containsExactly("open");
  }

  @Test
  void a_port_on_loopback_is_enough() {
    ports.open = "localhost:8080";
    await("server");
    assertThat(said).containsExactly("open");
  }

  @Test
  void a_port_that_is_not_seen_from_here_is_taken_for_open_in_the_end() {
    await("server");
    loop.passSeconds(61);
    assertThat(said).containsExactly("open");
  }

  @Test
  void a_server_that_shut_down_before_is_forgotten() {
    await("server");
    container.forget("server");
    ports.open = "localhost:8080";
    loop.passSeconds(120);
    assertThat(said).isEmpty();
  }
}
