package io.meshagent.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Instance;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What every registry does, tried with two of them side by side: here how instances and the
 * registry itself come and go.
 */
public abstract class RegistryContract extends ListenerContract {

  @Test
  void what_one_registers_the_other_sees_and_withdrawn_it_is_gone() throws Exception {
    RegistryView mine = new RegistryView();
    RegistryView others = new RegistryView();
    Registry registry = open(mine);
    open(others);
    Instance instance = at("127.0.0.1", 50051, "app", "greeter", "weight", "100");
    assertThat(registry.status().registration().state()).isEqualTo(RegistrationState.IDLE);

    registry.register(SERVICE, instance);
    soon(() -> others.of(SERVICE).equals(List.of(instance)));
    soon(() -> mine.of(SERVICE).equals(List.of(instance)));
    soon(() -> registry.status().registration().state() == RegistrationState.ALIVE);
    assertThat(registry.status().registration().registered()).isEqualTo(1);
    assertThat(values())
        .containsExactly(
            "{\"Op\":0,\"Addr\":\"127.0.0.1:50051\","
                + "\"Metadata\":null,\"Mesh\":{\"app\":\"greeter\",\"weight\":100}}");

    registry.withdraw(SERVICE, instance);
    soon(() -> others.of(SERVICE).isEmpty());
    soon(() -> registry.status().registration().desired() == 0);
    assertThat(values()).isEmpty();
  }

  @Test
  void a_registration_may_precede_the_start() throws Exception {
    Registry early = newRegistry();
    early.register(SERVICE, at("127.0.0.1", 1));
    RegistryView view = new RegistryView();
    early.start(view);
    try {
      soon(() -> view.of(SERVICE).size() == 1);
    } finally {
      early.close();
    }
  }

  @Test
  void closing_withdraws_everything() throws Exception {
    RegistryView view = new RegistryView();
    Registry leaving = open(new RegistryView());
    open(view);
    leaving.register(SERVICE, at("127.0.0.1", 1));
    leaving.register("other.Service", at("127.0.0.1", 1));
    soon(() -> view.of(SERVICE).size() + view.of("other.Service").size() == 2);

    leaving.close();

    assertThat(values()).isEmpty();
    soon(() -> view.of(SERVICE).isEmpty() && view.of("other.Service").isEmpty());
  }

  @Test
  void many_services_and_instances_of_both_sides_meet() throws Exception {
    RegistryView view = new RegistryView();
    Registry first = open(new RegistryView());
    Registry second = open(view);
    for (int i = 0; i < 200; i++) {
      first.register("many.Service" + i, at("127.0.0.1", 1));
      second.register("many.Service" + i, at("127.0.0.1", 2));
    }

    soon(
        () ->
            view.services.size() == 200
                && view.services.values().stream().allMatch(list -> list.size() == 2));
    for (int i = 0; i < 200; i += 2) {
      first.withdraw("many.Service" + i, at("127.0.0.1", 1));
    }
    soon(() -> view.services.values().stream().mapToInt(List::size).sum() == 300);
  }

  @Test
  void ipv6_addresses_come_through() throws Exception {
    RegistryView view = new RegistryView();
    Registry registry = open(new RegistryView());
    open(view);
    Instance instance = at("::1", 50052);

    registry.register(SERVICE, instance);

    soon(() -> view.of(SERVICE).equals(List.of(instance)));
    assertThat(values()).containsExactly("{\"Op\":0,\"Addr\":\"[::1]:50052\",\"Metadata\":null}");
  }

  @Test
  void closing_ends_all_threads_and_none_ever_keeps_a_program_alive() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    Registry registry = newRegistry();
    RegistryView view = new RegistryView();
    registry.start(view);
    registry.register(SERVICE, at("127.0.0.1", 1));
    soon(() -> view.of(SERVICE).size() == 1);
    assertThat(agentThreadsBut(before)).isNotEmpty().allMatch(Thread::isDaemon);

    registry.close();

    soon(() -> agentThreadsBut(before).isEmpty());
    soon(
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .allMatch(
                    thread -> thread.isDaemon() || before.contains(thread) || isWaiting(thread)));
    registry.register(SERVICE, at("127.0.0.1", 1));
    registry.withdraw(SERVICE, at("127.0.0.1", 1));
    registry.close();
    assertThat(agentThreadsBut(before)).isEmpty();
  }

  /** The thread that a test's condition is looked at on. */
  private static boolean isWaiting(Thread thread) {
    return thread.getName().startsWith("awaitility");
  }

  private static List<Thread> agentThreadsBut(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("mesh-agent-") && !before.contains(thread))
        .toList();
  }
}
