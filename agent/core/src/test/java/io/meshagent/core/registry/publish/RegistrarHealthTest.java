package io.meshagent.core.registry.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Services are registered while their server's health service says that they serve. */
class RegistrarHealthTest extends RegistrarFixture {

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
