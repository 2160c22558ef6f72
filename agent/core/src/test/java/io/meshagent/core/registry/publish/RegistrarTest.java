package io.meshagent.core.registry.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Instance.Metadata;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.run.ManualLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
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

  private Registrar registrar(Executor lookThreads) {
    return registrar(true, null, Duration.ofSeconds(3), lookThreads);
  }

  private Registrar registrar(boolean enabled, String host, Duration drainDelay) {
    return registrar(enabled, host, drainDelay, Runnable::run);
  }

  private Registrar registrar(
      boolean enabled, String host, Duration drainDelay, Executor lookThreads) {
    RegistrarSettings settings =
        new RegistrarSettings(
            enabled,
            new RegistrarSettings.Address(host, 0, List.of()),
            service -> service.startsWith("grpc."),
            Map.of("app", "greeter", "weight", "100"),
            drainDelay,
            true);
    return new Registrar(
        settings,
        registry,
        new Registrar.Means(loop, loop, lookThreads, () -> 42, new SystemNetwork()),
        begun::get,
        open::get);
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

  // Services that come and go.

  private static StubServer changing(String... services) {
    StubServer server = server(7, "http", services);
    server.mayChange = true;
    return server;
  }

  @Test
  void services_that_come_and_go_are_registered_and_withdrawn_at_the_next_look() {
    StubServer server = changing("a.B");
    Registrar registrar = registrar(true, null);
    registrar.started(server);
    assertThat(said).containsExactly("+a.B 127.0.0.1:7");

    server.services = List.of("a.B", "c.D", "grpc.health.v1.Health");
    loop.passSeconds(4.9);
    assertThat(said).hasSize(1);
    loop.passSeconds(0.2);
    assertThat(said).containsExactly("+a.B 127.0.0.1:7", "+c.D 127.0.0.1:7");
    assertThat(instances.get(1).metadata()).isEqualTo(instances.get(0).metadata());

    said.clear();
    server.services = List.of("c.D");
    loop.passSeconds(5.2);
    assertThat(said).containsExactly("~a.B 127.0.0.1:7", "-a.B 127.0.0.1:7");
    assertThat(registrar.entries()).containsOnlyKeys("c.D 127.0.0.1:7");

    server.services = List.of("a.B", "c.D");
    loop.passSeconds(5);
    assertThat(said).endsWith("+a.B 127.0.0.1:7");
    assertThat(registrar.entries()).containsOnlyKeys("a.B 127.0.0.1:7", "c.D 127.0.0.1:7");
  }

  @Test
  void as_long_as_nothing_changes_nothing_is_done() {
    StubServer server = changing("a.B");
    registrar(true, null).started(server);
    loop.passSeconds(60);

    assertThat(server.asked).isEqualTo(13);
    assertThat(said).containsExactly("+a.B 127.0.0.1:7");
  }

  @Test
  void a_server_whose_services_can_not_change_is_asked_once() {
    StubServer server = server(7, "http", "a.B");
    registrar(true, null).started(server);
    loop.passSeconds(60);

    assertThat(server.asked).isOne();
  }

  @Test
  void a_server_that_hosts_nothing_at_first_is_registered_when_it_does() {
    StubServer server = changing();
    Registrar registrar = registrar(true, null);
    registrar.started(server);
    assertThat(registrar.leave(server)).as("nobody was told of it").isNull();

    server.services = List.of("a.B");
    loop.passSeconds(5);
    assertThat(said).containsExactly("+a.B 127.0.0.1:7");
    server.services = List.of();
    loop.passSeconds(5.2);
    assertThat(said).endsWith("~a.B 127.0.0.1:7", "-a.B 127.0.0.1:7");
    assertThat(registrar.entries()).isEmpty();
    assertThat(registrar.leave(server).isReleased()).isTrue();
  }

  @Test
  void a_look_that_throws_leaves_everything_as_it_is() {
    StubServer server = changing("a.B");
    registrar(true, null).started(server);
    server.failure = new IllegalStateException("not now");
    loop.passSeconds(20);
    assertThat(said).containsExactly("+a.B 127.0.0.1:7");

    server.failure = null;
    server.services = List.of("c.D");
    loop.passSeconds(5.2);
    assertThat(said)
        .containsExactlyInAnyOrder(
            "+a.B 127.0.0.1:7", "+c.D 127.0.0.1:7", "~a.B 127.0.0.1:7", "-a.B 127.0.0.1:7");
  }

  @Test
  void a_look_that_blocks_is_waited_for_and_holds_up_no_other_server() {
    List<Runnable> blocked = new ArrayList<>();
    StubServer server = changing("a.B");
    StubServer other = new StubServer(8, "http", "a.B");
    other.mayChange = true;
    Registrar registrar = registrar(blocked::add);
    registrar.started(server);
    registrar.started(other);
    blocked.remove(1).run();
    loop.passSeconds(60);
    assertThat(server.asked).isZero();
    assertThat(said).containsExactly("+a.B 127.0.0.1:8");

    blocked.get(0).run();
    assertThat(said).endsWith("+a.B 127.0.0.1:7");
  }

  @Test
  void what_comes_after_a_server_began_to_leave_is_not_registered() {
    StubServer server = changing("a.B");
    Registrar registrar = called(server);
    Leaving leaving = registrar.leave(server);
    server.services = List.of("a.B", "c.D");
    loop.passSeconds(20);

    assertThat(said).containsExactly("~a.B 127.0.0.1:7", "-a.B 127.0.0.1:7");
    assertThat(leaving.isReleased()).isTrue();
    assertThat(registrar.entries()).isEmpty();
    int asked = server.asked;
    loop.passSeconds(20);
    assertThat(server.asked).as("and it is not asked any more").isEqualTo(asked);
  }

  @Test
  void a_server_without_services_that_ends_or_is_let_go_is_not_asked_any_more() {
    StubServer stopped = changing();
    StubServer letGo = changing();
    Registrar registrar = registrar(true, null);
    registrar.started(stopped);
    registrar.started(letGo);
    registrar.stopping(stopped);
    assertThat(registrar.leaveAll()).isEmpty();
    stopped.services = List.of("a.B");
    letGo.services = List.of("a.B");
    loop.passSeconds(20);

    assertThat(said).isEmpty();
    assertThat(stopped.asked).isOne();
    assertThat(letGo.asked).isOne();
  }

  @Test
  void all_services_leave_with_their_server_whenever_they_came() {
    StubServer server = changing("a.B");
    Registrar registrar = called(server);
    server.services = List.of("a.B", "c.D");
    loop.passSeconds(5);
    begun.set(2);
    loop.passSeconds(2);
    said.clear();

    Leaving leaving = registrar.leave(server);
    assertThat(said).containsExactly("~a.B 127.0.0.1:7", "~c.D 127.0.0.1:7");
    loop.passSeconds(2.9);
    assertThat(leaving.isReleased()).isFalse();
    loop.passSeconds(0.2);
    assertThat(leaving.isReleased()).isTrue();
    assertThat(registrar.entries()).isEmpty();
  }

  @Test
  void a_service_that_comes_later_waits_for_its_health_as_the_first_ones_did() {
    StubHealth health = new StubHealth(true);
    StubServer server = changing("a.B");
    server.health = health;
    Registrar registrar = registrar(true, null);
    registrar.started(server);
    health.say("", 1);
    health.say("a.B", 1);
    server.services = List.of("a.B", "c.D", "e.F");
    loop.passSeconds(5);
    assertThat(said).containsExactly("+a.B 127.0.0.1:7");

    health.say("c.D", 2);
    loop.passSeconds(1.1);
    assertThat(said).as("silence holds it back for a second").endsWith("+e.F 127.0.0.1:7");
    assertThat(registrar.entries()).containsEntry("c.D 127.0.0.1:7", "withdrawn");
    health.say("c.D", 1);
    assertThat(said).endsWith("+c.D 127.0.0.1:7");

    server.services = List.of("a.B");
    loop.passSeconds(5);
    assertThat(health.cancelled).contains("Watch c.D", "Watch e.F");
    assertThat(registrar.entries()).containsOnlyKeys("a.B 127.0.0.1:7");
  }

  @Test
  void a_health_service_that_comes_later_counts_from_then_on_and_until_it_goes() {
    StubHealth health = new StubHealth(true);
    StubServer server = changing("a.B");
    registrar(true, null).started(server);
    server.health = health;
    loop.passSeconds(5);
    health.say("a.B", 2);
    loop.passSeconds(1.1);
    assertThat(said).containsExactly("+a.B 127.0.0.1:7", "~a.B 127.0.0.1:7", "-a.B 127.0.0.1:7");

    server.health = null;
    loop.passSeconds(5);
    assertThat(said).endsWith("+a.B 127.0.0.1:7");
  }
}
