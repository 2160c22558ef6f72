package io.meshagent.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every registry tells its listener, and how soon. */
public abstract class ListenerContract extends RegistryFixture {

  @Test
  void an_empty_source_is_listed_as_empty() throws Exception {
    RegistryView view = new RegistryView();
    open(view);

    soon(() -> view.lists.get() == 1);

    assertThat(view.services).isEmpty();
    assertThat(view.troubles).isEmpty();
  }

  @Test
  void a_late_comer_gets_everything_in_the_first_list() throws Exception {
    Registry registry = open(new RegistryView());
    registry.register(SERVICE, at("127.0.0.1", 1));
    registry.register("other.Service", at("127.0.0.1", 1));
    soon(() -> registry.status().registration().registered() == 2);

    RegistryView view = new RegistryView();
    open(view);

    soon(() -> view.lists.get() == 1);
    assertThat(view.services).containsOnlyKeys(SERVICE, "other.Service");
  }

  @Test
  void a_look_leads_to_a_fresh_list() throws Exception {
    RegistryView view = new RegistryView();
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
    RegistryView view = new RegistryView();
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
    Registry registry = open(new RegistryView());
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
    RegistryView view =
        new RegistryView() {
          @Override
          public void changed(List<ServiceChange> some) {
            changes.addAll(some);
            super.changed(some);
          }
        };
    Registry registry = open(new RegistryView());
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
    RegistryView view = new RegistryView();
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
  void garbage_is_skipped_and_counted() throws Exception {
    plantGarbage(SERVICE, "before", "what is this");
    RegistryView view = new RegistryView();
    Registry registry = open(view);
    soon(() -> registry.status().feed().counts().entriesSkipped() == 1);

    plantGarbage(SERVICE, "after", "{\"Op\":\"Add\",\"Addr\":\"127.0.0.1:1\"}");
    registry.register(SERVICE, at("127.0.0.1", 1));

    soon(() -> view.of(SERVICE).size() == 1);
    soon(() -> registry.status().feed().counts().entriesSkipped() == 2);
  }

  @Test
  void changes_are_seen_within_a_tenth_of_a_second() throws Exception {
    RegistryView view = new RegistryView();
    Registry registry = open(new RegistryView());
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

  private static long millisUntil(Runnable change, RegistryView view, int size) {
    long began = System.nanoTime();
    change.run();
    soon(() -> view.of(SERVICE).size() == size);
    return (System.nanoTime() - began) / 1_000_000;
  }
}
