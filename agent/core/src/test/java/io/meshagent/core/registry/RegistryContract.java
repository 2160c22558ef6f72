package io.meshagent.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.core.api.Instance;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every registry does, tried with two of them side by side. */
public abstract class RegistryContract {

  private static final String SERVICE = "helloworld.Greeter";

  private final List<Registry> open = new ArrayList<>();

  /** A registry on the same source as all others that this test made. */
  protected abstract Registry newRegistry() throws Exception;

  /** Puts a text beside the entries that is none. */
  protected abstract void plantGarbage(String service, String name, String text) throws Exception;

  /** The values of all entries as they stand in the source, sorted. */
  protected abstract List<String> values() throws Exception;

  protected Registry open(Registry.Listener listener) throws Exception {
    Registry registry = newRegistry();
    open.add(registry);
    registry.start(listener);
    return registry;
  }

  @AfterEach
  void closeAll() {
    open.forEach(Registry::close);
  }

  protected static Instance at(String host, int port, String... facts) {
    Map<String, String> metadata = new TreeMap<>();
    for (int i = 0; i < facts.length; i += 2) {
      metadata.put(facts[i], facts[i + 1]);
    }
    try {
      InetAddress address = InetAddress.getByName(host);
      return new Instance(host, port, new InetSocketAddress(address, port), metadata);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  protected static void soon(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(5)).pollInterval(Duration.ofMillis(2)).until(condition);
  }

  /** Remembers what it was told. */
  protected static class View implements Registry.Listener {
    public final Map<String, List<Instance>> services = new ConcurrentHashMap<>();
    public final List<String> troubles = new CopyOnWriteArrayList<>();
    public final AtomicInteger lists = new AtomicInteger();

    /** How often it was said that the source answers again. */
    public final AtomicInteger answers = new AtomicInteger();

    public View() {}

    @Override
    public void listed(Map<String, List<Instance>> all) {
      services.clear();
      services.putAll(all);
      int unused = lists.incrementAndGet();
    }

    @Override
    public void changed(List<ServiceChange> some) {
      WholeServices.apply(services, some);
      if (some.isEmpty()) {
        int unused = answers.incrementAndGet();
      }
    }

    @Override
    public void unreachable(String why) {
      troubles.add(why);
    }

    public List<Instance> of(String service) {
      return services.getOrDefault(service, List.of());
    }
  }

  @Test
  void an_empty_source_is_listed_as_empty() throws Exception {
    View view = new View();
    open(view);

    soon(() -> view.lists.get() == 1);

    assertThat(view.services).isEmpty();
    assertThat(view.troubles).isEmpty();
  }

  @Test
  void what_one_registers_the_other_sees_and_withdrawn_it_is_gone() throws Exception {
    View mine = new View();
    View others = new View();
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
    View view = new View();
    early.start(view);
    try {
      soon(() -> view.of(SERVICE).size() == 1);
    } finally {
      early.close();
    }
  }

  @Test
  void a_late_comer_gets_everything_in_the_first_list() throws Exception {
    Registry registry = open(new View());
    registry.register(SERVICE, at("127.0.0.1", 1));
    registry.register("other.Service", at("127.0.0.1", 1));
    soon(() -> registry.status().registration().registered() == 2);

    View view = new View();
    open(view);

    soon(() -> view.lists.get() == 1);
    assertThat(view.services).containsOnlyKeys(SERVICE, "other.Service");
  }

  @Test
  void a_look_leads_to_a_fresh_list() throws Exception {
    View view = new View();
    Registry registry = open(view);
    registry.register(SERVICE, at("127.0.0.1", 1));
    soon(() -> view.of(SERVICE).size() == 1);
    int before = view.lists.get();

    registry.lookAgain();

    soon(() -> view.lists.get() > before);
    assertThat(view.of(SERVICE)).hasSize(1);
  }

  @Test
  void changed_metadata_replaces_the_entry_without_a_gap() throws Exception {
    List<Integer> sizes = new CopyOnWriteArrayList<>();
    View view = new View();
    Registry.Listener counting =
        new Registry.Listener() {
          @Override
          public void listed(Map<String, List<Instance>> all) {
            view.listed(all);
          }

          @Override
          public void changed(List<ServiceChange> some) {
            view.changed(some);
            some.forEach(change -> sizes.add(view.of(change.service()).size()));
          }

          @Override
          public void unreachable(String why) {
            view.unreachable(why);
          }
        };
    Registry registry = open(new View());
    open(counting);
    registry.register(SERVICE, at("127.0.0.1", 1, "weight", "100"));
    soon(() -> view.of(SERVICE).size() == 1);

    Instance changed = at("127.0.0.1", 1, "weight", "0", "draining", "true");
    registry.register(SERVICE, changed);

    soon(() -> view.of(SERVICE).equals(List.of(changed)));
    assertThat(sizes).doesNotContain(0);
    assertThat(values()).hasSize(1);
  }

  @Test
  void a_change_names_what_has_changed_and_nothing_else() throws Exception {
    List<ServiceChange> changes = new CopyOnWriteArrayList<>();
    View view =
        new View() {
          @Override
          public void changed(List<ServiceChange> some) {
            changes.addAll(some);
            super.changed(some);
          }
        };
    Registry registry = open(new View());
    for (int port = 1; port <= 5; port++) {
      registry.register(SERVICE, at("127.0.0.1", port));
    }
    soon(() -> registry.status().registration().registered() == 5);
    open(view);
    soon(() -> view.of(SERVICE).size() == 5);
    changes.clear();

    Instance other = at("127.0.0.1", 3, "weight", "0");
    registry.register(SERVICE, other);
    soon(() -> view.of(SERVICE).contains(other));
    registry.withdraw(SERVICE, at("127.0.0.1", 5));
    soon(() -> view.of(SERVICE).size() == 4);

    assertThat(changes)
        .containsExactly(
            new ServiceChange(SERVICE, List.of(other), List.of()),
            new ServiceChange(SERVICE, List.of(), List.of("127.0.0.1:5")));
  }

  @Test
  void a_listener_without_memory_for_a_moment_is_told_again() throws Exception {
    View view = new View();
    AtomicInteger lists = new AtomicInteger();
    AtomicInteger changes = new AtomicInteger();
    Registry.Listener forgetful =
        new Registry.Listener() {
          @Override
          public void listed(Map<String, List<Instance>> all) {
            throwFirst(lists);
            view.listed(all);
          }

          @Override
          public void changed(List<ServiceChange> some) {
            throwFirst(changes);
            view.changed(some);
          }

          @Override
          public void unreachable(String why) {
            view.unreachable(why);
          }
        };
    Registry registry = open(forgetful);
    soon(() -> view.lists.get() == 1);

    registry.register(SERVICE, at("127.0.0.1", 1));

    soon(() -> view.of(SERVICE).size() == 1);
    assertThat(changes.get()).isPositive();
  }

  private static void throwFirst(AtomicInteger calls) {
    if (calls.getAndIncrement() == 0) {
      throw new OutOfMemoryError("of a test");
    }
  }

  @Test
  void closing_withdraws_everything() throws Exception {
    View view = new View();
    Registry leaving = open(new View());
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
    View view = new View();
    Registry first = open(new View());
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
    View view = new View();
    Registry registry = open(new View());
    open(view);
    Instance instance = at("::1", 50052);

    registry.register(SERVICE, instance);

    soon(() -> view.of(SERVICE).equals(List.of(instance)));
    assertThat(values()).containsExactly("{\"Op\":0,\"Addr\":\"[::1]:50052\",\"Metadata\":null}");
  }

  @Test
  void garbage_is_skipped_and_counted() throws Exception {
    plantGarbage(SERVICE, "before", "what is this");
    View view = new View();
    Registry registry = open(view);
    soon(() -> registry.status().feed().counts().entriesSkipped() == 1);

    plantGarbage(SERVICE, "after", "{\"Op\":\"Add\",\"Addr\":\"127.0.0.1:1\"}");
    registry.register(SERVICE, at("127.0.0.1", 1));

    soon(() -> view.of(SERVICE).size() == 1);
    soon(() -> registry.status().feed().counts().entriesSkipped() == 2);
  }

  @Test
  void changes_are_seen_within_a_tenth_of_a_second() throws Exception {
    View view = new View();
    Registry registry = open(new View());
    open(view);
    registry.register("warm.Up", at("127.0.0.1", 1));
    soon(() -> view.of("warm.Up").size() == 1);
    List<Long> millis = new ArrayList<>();

    for (int i = 0; i < 15; i++) {
      Instance instance = at("127.0.0.1", 1_000 + i);
      millis.add(millisUntil(() -> registry.register(SERVICE, instance), view, 1));
      millis.add(millisUntil(() -> registry.withdraw(SERVICE, instance), view, 0));
    }

    assertThat(millis).allMatch(each -> each < 1_000);
    assertThat(millis.stream().sorted().toList().get(millis.size() / 2)).isLessThanOrEqualTo(100);
  }

  private static long millisUntil(Runnable change, View view, int size) {
    long began = System.nanoTime();
    change.run();
    soon(() -> view.of(SERVICE).size() == size);
    return (System.nanoTime() - began) / 1_000_000;
  }

  @Test
  void closing_ends_all_threads_and_none_ever_keeps_a_program_alive() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    Registry registry = newRegistry();
    View view = new View();
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
