package io.meshagent.core.registry.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Instance;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Services that come and go on a server that runs. */
class RegistrarServicesTest extends RegistrarFixture {

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

  @Test
  void who_has_to_know_callers_says_so_of_what_is_registered_and_of_what_comes_later() {
    Registrar registrar = registrar(true, null);
    registrar.askForCallers(false);
    registrar.started(server(7, "http", "a.B", "c.D"));
    assertThat(instances).hasSize(2).noneMatch(Instance::asksForCallers);

    registrar.askForCallers(true);
    registrar.askForCallers(true);
    assertThat(said).hasSize(4);
    assertThat(instances.subList(2, 4)).allMatch(Instance::asksForCallers);
    StubServer later = server(8, "http", "e.F");
    registrar.started(later);
    assertThat(instances.get(4).asksForCallers()).isTrue();

    registrar.askForCallers(false);
    assertThat(instances.subList(5, 8)).noneMatch(Instance::asksForCallers);
    assertThat(instances.subList(5, 8)).contains(instances.get(0));

    Leaving unused = registrar.leave(later);
    registrar.askForCallers(true);
    assertThat(said).filteredOn(each -> each.contains("e.F")).endsWith("~e.F 127.0.0.1:8");
  }
}
