package io.meshagent.core.registry.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.registry.EntryState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How a server is registered at its start and leaves, and who waits for that. */
class RegistrarTest extends RegistrarFixture {

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
    assertThat(registrar.standing(server).place()).isEqualTo("127.0.0.1:7");
    assertThat(registrar.standing(server).services())
        .isEqualTo(Map.of("a.B", EntryState.PUBLISHED, "c.D", EntryState.PUBLISHED));
    assertThat(registrar.standing(server(8, "http", "a.B"))).isNull();
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
}
