package io.meshagent.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Instance.Metadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RegistrarTest {

  private final List<String> said = new ArrayList<>();
  private final List<Instance> instances = new ArrayList<>();
  private final ManualLoop loop = new ManualLoop();
  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong open = new AtomicLong();
  private final Registry registry =
      new Registry() {
        @Override
        public String describe() {
          return "a list";
        }

        @Override
        public void lookAgain() {}

        @Override
        public void start(Listener listener) {}

        @Override
        public void register(String service, Instance instance) {
          boolean draining = "true".equals(instance.metadata().get(Metadata.DRAINING));
          said.add((draining ? "~" : "+") + service + " " + instance);
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
    return registrar(enabled, host, Duration.ofSeconds(3));
  }

  private Registrar registrar(boolean enabled, String host, Duration drainDelay) {
    RegistrarSettings settings =
        new RegistrarSettings(
            enabled,
            host,
            0,
            service -> service.startsWith("grpc."),
            Map.of("app", "greeter", "weight", "100"),
            List.of(),
            drainDelay,
            true);
    return new Registrar(
        settings, registry, loop, loop, () -> 42, new SystemNetwork(), begun::get, open::get);
  }

  /** With one server that is called, and nothing said yet. */
  private Registrar called(StubServer server) {
    Registrar registrar = registrar(true, null);
    registrar.started(server);
    begun.set(1);
    loop.passSeconds(2);
    said.clear();
    return registrar;
  }

  private static StubServer server(int port, String scheme, String... services) {
    return new StubServer(port, scheme, services);
  }

  @Test
  void a_server_is_registered_under_each_service_but_the_excluded_ones() {
    Registrar registrar = registrar(true, null);
    StubServer server =
        server(7, "http", "a.B", "c.D", "grpc.health.v1.Health", "grpc.reflection.v1.X", "a/b");

    registrar.started(server);
    registrar.started(server);

    assertThat(said).containsExactly("+a.B 127.0.0.1:7", "+c.D 127.0.0.1:7");
    assertThat(instances.get(0).metadata())
        .isEqualTo(Map.of("app", "greeter", "weight", "100", "scheme", "http", "started", "42"));
    assertThat(registrar.entries())
        .isEqualTo(Map.of("a.B 127.0.0.1:7", "published", "c.D 127.0.0.1:7", "published"));
  }

  @Test
  void a_server_that_is_called_announces_then_withdraws_and_answers_until_the_delay_is_over() {
    StubServer server = server(7, "http", "a.B");
    Registrar registrar = called(server);

    Leaving leaving = registrar.leave(server);
    assertThat(said).containsExactly("~a.B 127.0.0.1:7");
    assertThat(instances.get(1).metadata()).containsEntry("started", "42");
    assertThat(registrar.draining()).isOne();
    assertThat(registrar.leave(server)).as("a second one waits for the same").isSameAs(leaving);

    loop.passSeconds(0.99);
    assertThat(said).hasSize(1);
    loop.passSeconds(0.02);
    assertThat(said).containsExactly("~a.B 127.0.0.1:7", "-a.B 127.0.0.1:7");
    assertThat(registrar.draining()).isZero();

    loop.passSeconds(1.98);
    assertThat(leaving.isReleased()).isFalse();
    loop.passSeconds(0.02);
    assertThat(leaving.isReleased()).isTrue();
    assertThat(registrar.entries()).isEmpty();
    assertThat(registrar.leave(server)).as("it is gone").isNull();
  }

  @Test
  void an_idle_server_waits_for_nobody_and_is_announced_all_the_same() {
    StubServer server = server(7, "http", "a.B");
    Registrar registrar = called(server);
    loop.passSeconds(11);

    Leaving leaving = registrar.leave(server);

    assertThat(leaving.isReleased()).isTrue();
    assertThat(leaving.isIdle()).isTrue();
    assertThat(said).containsExactly("~a.B 127.0.0.1:7");
    loop.passSeconds(0.2);
    assertThat(said).containsExactly("~a.B 127.0.0.1:7", "-a.B 127.0.0.1:7");
  }

  @Test
  void a_stream_that_stays_open_is_a_call() {
    StubServer server = server(7, "http", "a.B");
    Registrar registrar = called(server);
    open.set(1);
    loop.passSeconds(60);

    assertThat(registrar.leave(server).isReleased()).isFalse();
  }

  @Test
  void a_server_that_was_never_called_is_idle() {
    Registrar registrar = registrar(true, null);
    StubServer server = server(7, "http", "a.B");
    registrar.started(server);

    assertThat(registrar.leave(server).isReleased()).isTrue();
  }

  @Test
  void without_a_delay_nobody_waits() {
    Registrar registrar = registrar(true, null, Duration.ZERO);
    StubServer server = server(7, "http", "a.B");
    registrar.started(server);
    open.set(1);

    assertThat(registrar.leave(server).isReleased()).isTrue();
    loop.passSeconds(0.2);
    assertThat(said).containsExactly("+a.B 127.0.0.1:7", "~a.B 127.0.0.1:7", "-a.B 127.0.0.1:7");
  }

  @Test
  void a_shutdown_that_can_not_wait_withdraws_sooner_and_lets_the_others_go() {
    StubServer server = server(7, "http", "a.B");
    Registrar registrar = called(server);
    Leaving leaving = registrar.leave(server);

    registrar.leave(server).release();

    assertThat(leaving.isReleased()).isTrue();
    loop.passSeconds(0.2);
    assertThat(said).containsExactly("~a.B 127.0.0.1:7", "-a.B 127.0.0.1:7");
    assertThat(registrar.entries()).isEmpty();
  }

  @Test
  void an_interrupt_ends_the_wait_and_stays_set() {
    StubServer server = server(7, "http", "a.B");
    Leaving leaving = called(server).leave(server);

    Thread.currentThread().interrupt();
    leaving.awaitRelease();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(leaving.isReleased()).isTrue();
  }

  @Test
  void a_wait_ends_by_itself_when_the_loop_is_stuck() {
    Registrar registrar = registrar(true, null, Duration.ofMillis(20));
    StubServer server = server(7, "http", "a.B");
    registrar.started(server);
    open.set(1);
    Leaving leaving = registrar.leave(server);

    leaving.awaitRelease();

    assertThat(leaving.isReleased()).isTrue();
  }

  @Test
  void at_the_end_of_the_jvm_all_servers_leave_at_once() {
    StubServer first = server(7, "http", "a.B");
    Registrar registrar = called(first);
    registrar.started(server(8, "https", "a.B"));

    List<Leaving> all = registrar.leaveAll();

    assertThat(said)
        .containsExactlyInAnyOrder("+a.B 127.0.0.1:8", "~a.B 127.0.0.1:7", "~a.B 127.0.0.1:8");
    assertThat(all).hasSize(2).contains(registrar.leave(first));
  }

  @Test
  void a_server_that_is_stopped_right_after_its_start_waits_for_nobody() {
    Registrar registrar = registrar(true, null);
    StubServer server = server(7, "http", "a.B");
    assertThat(registrar.leave(server)).isNull();
    open.set(1);

    registrar.started(server);
    registrar.stopping(server);
    loop.passSeconds(0.2);

    assertThat(said).containsExactly("+a.B 127.0.0.1:7", "~a.B 127.0.0.1:7", "-a.B 127.0.0.1:7");
    assertThat(registrar.entries()).isEmpty();
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

  // Health.

  @Test
  void a_service_is_registered_when_its_health_is_known_and_follows_it() {
    StubHealth health = new StubHealth(true);
    StubServer server = server(7, "http", "a.B", "c.D");
    server.health = health;
    Registrar registrar = registrar(true, null);
    registrar.started(server);
    assertThat(said).isEmpty();

    health.say("", 1);
    health.say("a.B", 1);
    health.say("c.D", 2);
    assertThat(said).containsExactly("+a.B 127.0.0.1:7");
    assertThat(registrar.entries()).containsEntry("c.D 127.0.0.1:7", "withdrawn");

    health.say("c.D", 1);
    health.say("a.B", 2);
    loop.passSeconds(1.1);
    health.say("a.B", 0);
    assertThat(said)
        .containsExactly(
            "+a.B 127.0.0.1:7", "+c.D 127.0.0.1:7", "~a.B 127.0.0.1:7", "-a.B 127.0.0.1:7");

    said.clear();
    health.say("a.B", 1);
    assertThat(said).containsExactly("+a.B 127.0.0.1:7");
    registrar.leave(server);
    assertThat(health.cancelled).containsExactlyInAnyOrder("Watch ", "Watch a.B", "Watch c.D");
    said.clear();
    health.say("a.B", 1);
    loop.passSeconds(5);
    assertThat(said).containsExactly("-a.B 127.0.0.1:7", "-c.D 127.0.0.1:7");
  }

  @Test
  void a_status_that_comes_back_at_once_takes_back_the_withdrawal() {
    StubHealth health = new StubHealth(true);
    StubServer server = server(7, "http", "a.B");
    server.health = health;
    Registrar registrar = registrar(true, null);
    registrar.started(server);
    open.set(1);
    health.say("a.B", 1);
    health.say("a.B", 2);
    health.say("a.B", 1);
    loop.passSeconds(5);

    assertThat(said).containsExactly("+a.B 127.0.0.1:7", "~a.B 127.0.0.1:7", "+a.B 127.0.0.1:7");
    assertThat(registrar.entries()).containsValue("published");
  }

  @Test
  void a_server_that_said_not_serving_a_moment_ago_still_waits_for_the_rest() {
    StubHealth health = new StubHealth(true);
    StubServer server = server(7, "http", "a.B");
    server.health = health;
    Registrar registrar = registrar(true, null);
    registrar.started(server);
    open.set(1);
    health.say("a.B", 1);
    health.say("a.B", 2);
    loop.passSeconds(2);

    Leaving leaving = registrar.leave(server);
    assertThat(leaving.isReleased()).isFalse();
    loop.passSeconds(1.1);
    assertThat(leaving.isReleased()).isTrue();
    assertThat(registrar.entries()).isEmpty();
  }

  @Test
  void a_service_that_health_does_not_know_follows_the_server_as_a_whole() {
    StubHealth health = new StubHealth(true);
    StubServer server = server(7, "http", "a.B");
    server.health = health;
    registrar(true, null).started(server);

    health.say("a.B", 3);
    assertThat(said).isEmpty();
    health.say("", 1);
    health.say("", 2);
    loop.passSeconds(2);
    assertThat(said).containsExactly("+a.B 127.0.0.1:7", "~a.B 127.0.0.1:7", "-a.B 127.0.0.1:7");
  }

  @Test
  void a_health_service_that_says_nothing_holds_the_registration_back_for_a_second() {
    StubServer server = server(7, "http", "a.B");
    server.health = new StubHealth(true);
    registrar(true, null).started(server);

    loop.passSeconds(0.9);
    assertThat(said).isEmpty();
    loop.passSeconds(0.2);
    assertThat(said).containsExactly("+a.B 127.0.0.1:7");
  }

  @Test
  void without_a_watch_the_status_is_asked_for_every_five_seconds() {
    StubHealth health = new StubHealth(false);
    health.checks.put("a.B", 1);
    StubServer server = server(7, "http", "a.B");
    server.health = health;
    registrar(true, null).started(server);
    assertThat(said).containsExactly("+a.B 127.0.0.1:7");

    health.checks.put("a.B", 2);
    loop.passSeconds(4.9);
    assertThat(said).hasSize(1);
    loop.passSeconds(1);
    assertThat(said).containsExactly("+a.B 127.0.0.1:7", "~a.B 127.0.0.1:7", "-a.B 127.0.0.1:7");
  }

  @Test
  void a_health_service_that_fails_counts_as_serving() {
    StubHealth health = new StubHealth(false);
    health.checks.put("a.B", 2);
    StubServer server = server(7, "http", "a.B");
    server.health = health;
    registrar(true, null).started(server);
    assertThat(said).isEmpty();

    health.failing = true;
    loop.passSeconds(5);
    assertThat(said).containsExactly("+a.B 127.0.0.1:7");
  }
}
