package io.meshagent.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Instance;
import io.meshagent.core.api.StartedServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RegistrarTest {

  private final List<String> said = new ArrayList<>();
  private final List<Instance> instances = new ArrayList<>();
  private final Registry registry =
      new Registry() {
        @Override
        public String describe() {
          return "a list";
        }

        @Override
        public void start(Listener listener) {}

        @Override
        public void register(String service, Instance instance) {
          said.add("+" + service + " " + instance);
          instances.add(instance);
        }

        @Override
        public void withdraw(String service, Instance instance) {
          said.add("-" + service + " " + instance);
        }

        @Override
        public Status status() {
          return null;
        }

        @Override
        public void close() {}
      };

  private Registrar registrar(boolean enabled, String host) {
    RegistrarSettings settings =
        new RegistrarSettings(
            enabled,
            host,
            List.of("grpc.health.v1.Health", "grpc.reflection.*"),
            Map.of("app", "greeter", "weight", "100"),
            List.of());
    return new Registrar(settings, registry, new ManualLoop(), () -> 42, new SystemNetwork());
  }

  private static StartedServer server(int port, String scheme, String... services) {
    return new StartedServer() {
      @Override
      public List<SocketAddress> listenSockets() {
        return List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      }

      @Override
      public Collection<String> services() {
        return List.of(services);
      }

      @Override
      public String scheme() {
        return scheme;
      }
    };
  }

  @Test
  void a_server_is_registered_under_each_service_but_the_excluded_ones() {
    Registrar registrar = registrar(true, null);
    StartedServer server =
        server(7, "http", "a.B", "c.D", "grpc.health.v1.Health", "grpc.reflection.v1.X", "a/b");

    registrar.started(server);
    registrar.started(server);
    assertThat(said).containsExactly("+a.B 127.0.0.1:7", "+c.D 127.0.0.1:7");
    assertThat(instances.get(0).metadata())
        .isEqualTo(Map.of("app", "greeter", "weight", "100", "scheme", "http", "started", "42"));

    said.clear();
    registrar.stopping(server);
    registrar.stopping(server);
    assertThat(said).containsExactly("-a.B 127.0.0.1:7", "-c.D 127.0.0.1:7");
  }

  @Test
  void two_servers_are_two_instances() {
    Registrar registrar = registrar(true, null);
    StartedServer first = server(7, "http", "a.B");

    registrar.started(first);
    registrar.started(server(8, "https", "a.B"));
    registrar.stopping(first);

    assertThat(said).containsExactly("+a.B 127.0.0.1:7", "+a.B 127.0.0.1:8", "-a.B 127.0.0.1:7");
  }

  @Test
  void an_unknown_scheme_is_not_published() {
    registrar(true, "greeter.invalid").started(server(7, null, "a.B"));

    assertThat(instances.get(0).hostPort()).isEqualTo("greeter.invalid:7");
    assertThat(instances.get(0).scheme()).isNull();
  }

  @Test
  void nothing_is_registered_if_that_is_switched_off_or_the_host_is_nonsense() {
    registrar(false, null).started(server(7, "http", "a.B"));
    registrar(true, "http://me").started(server(7, "http", "a.B"));
    registrar(true, null).stopping(server(7, "http", "a.B"));

    assertThat(said).isEmpty();
  }
}
