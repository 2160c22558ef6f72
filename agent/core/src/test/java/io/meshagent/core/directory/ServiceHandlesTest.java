package io.meshagent.core.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Endpoints.State;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Service;
import io.meshagent.core.registry.WholeServices;
import io.meshagent.core.run.ManualLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What those who call a service see of the directory, and who is told. */
class ServiceHandlesTest {

  private final ManualLoop loop = new ManualLoop();
  private final Directory directory = new Directory(2_000_000_000L, 10_000_000_000L, loop, 7, null);
  private final WholeServices source = new WholeServices(directory);

  private static Instance at(int port, String... facts) {
    return DirectoryFixture.at(port, facts);
  }

  @Test
  void handles_are_stable_and_their_numbers_dense() {
    Service first = directory.service("a.B");
    Service second = directory.service("c.D");

    assertThat(directory.service("a.B")).isSameAs(first);
    assertThat(List.of(first.index(), second.index())).containsExactly(0, 1);
  }

  @Test
  void a_service_that_nobody_holds_and_that_is_nowhere_is_forgotten() {
    Service first = directory.service("a.B");
    Service again = directory.service("a.B");
    source.listed(Map.of());
    List<Service> told = new ArrayList<>();
    Service.Watcher watcher = told::add;
    first.watch(watcher);
    told.clear();

    directory.letGo(again);
    assertThat(first.isForgotten()).isFalse();
    directory.letGo(first);

    assertThat(first.isForgotten()).isTrue();
    assertThat(told).containsExactly(first);
    Service next = directory.service("c.D");
    assertThat(next.index()).as("its number is free").isEqualTo(first.index());
    assertThat(directory.service("a.B")).isNotSameAs(first);
  }

  @Test
  void a_service_that_is_registered_is_forgotten_when_it_goes() {
    Service service = directory.service("a.B");
    source.listed(Map.of("a.B", List.of(at(1, "draining", "true"))));
    directory.letGo(service);
    assertThat(service.isForgotten()).isFalse();
    assertThat(directory.find("a.B")).isSameAs(service);

    source.changed(Map.of("a.B", List.of()));
    assertThat(service.endpoints().state()).isEqualTo(State.ABSENT);
    assertThat(service.isForgotten()).isTrue();
  }

  @Test
  void to_look_for_services_leaves_nothing_and_finds_those_that_are_there() {
    Service nowhere = directory.find("made.Up");
    assertThat(nowhere.endpoints().state()).as("not listed yet").isEqualTo(State.UNKNOWN);

    source.listed(Map.of("a.B", List.of(at(1))));

    assertThat(nowhere.endpoints().state()).isEqualTo(State.ABSENT);
    for (int i = 0; i < 1_000; i++) {
      assertThat(directory.find("made.Up" + i)).isSameAs(nowhere);
    }
    assertThat(nowhere.isForgotten()).isFalse();
    assertThat(directory.find("a.B").endpoints().state()).isEqualTo(State.PRESENT);
    source.changed(Map.of("made.Up", List.of(at(2))));
    Service now = directory.find("made.Up");
    assertThat(now.name()).isEqualTo("made.Up");
    assertThat(now.endpoints().state()).isEqualTo(State.PRESENT);
  }

  @Test
  void who_waits_for_any_service_that_is_nowhere_is_told_when_one_appears() {
    source.listed(Map.of("a.B", List.of(at(1))));
    List<Service> told = new ArrayList<>();
    Service.Watcher watcher = told::add;
    Service nowhere = directory.find("late.Comer");
    nowhere.watch(watcher);
    told.clear();

    source.changed(Map.of("a.B", List.of(at(1), at(2))));
    assertThat(told).as("it was there before").isEmpty();
    source.changed(Map.of("late.Comer", List.of(at(3))));

    assertThat(told).containsExactly(nowhere);
    assertThat(directory.find("late.Comer").endpoints().state()).isEqualTo(State.PRESENT);
  }

  @Test
  void watchers_hear_the_present_state_and_then_changes_only() {
    List<String> heard = new ArrayList<>();
    Service.Watcher watcher = service -> heard.add(service.name());
    List<State> states = new ArrayList<>();
    Service.Watcher stateWatcher = service -> states.add(service.endpoints().state());
    Service service = directory.service("a.B");
    service.watch(watcher);
    service.watch(stateWatcher);
    assertThat(heard).isEmpty();

    source.listed(Map.of("a.B", List.of(at(1))));
    source.listed(Map.of("a.B", List.of(at(1))));
    source.changed(Map.of("a.B", List.of(at(1, "draining", "true"), at(2, "draining", "true"))));
    service.unwatch(watcher);
    source.changed(Map.of("a.B", List.of()));

    assertThat(heard).hasSize(2);
    assertThat(states).containsExactly(State.PRESENT, State.PRESENT, State.ABSENT);
    List<State> late = new ArrayList<>();
    Service.Watcher lateWatcher = told -> late.add(told.endpoints().state());
    service.watch(lateWatcher);
    assertThat(late).containsExactly(State.ABSENT);
  }

  @Test
  void a_watcher_that_throws_does_not_keep_the_news_from_others() {
    Service service = directory.service("a.B");
    List<State> states = new ArrayList<>();
    Service.Watcher bad =
        told -> {
          throw new IllegalStateException("bad");
        };
    Service.Watcher good = told -> states.add(told.endpoints().state());
    service.watch(bad);
    service.watch(good);

    source.listed(Map.of());

    assertThat(states).containsExactly(State.ABSENT);
  }

  @Test
  void a_watcher_for_whom_there_was_no_thread_is_told_again_and_of_the_present_state() {
    Service service = directory.service("a.B");
    AtomicBoolean poor = new AtomicBoolean(true);
    List<State> states = new ArrayList<>();
    Service.Watcher watcher =
        told -> {
          if (poor.get()) {
            throw new OutOfMemoryError("unable to create native thread");
          }
          states.add(told.endpoints().state());
        };
    service.watch(watcher);
    source.listed(Map.of("a.B", DirectoryFixture.ports(1)));
    loop.passSeconds(5);
    assertThat(states).isEmpty();

    poor.set(false);
    loop.passSeconds(1);

    assertThat(states).containsExactly(State.PRESENT);
    loop.passSeconds(5);
    assertThat(states).hasSize(1);
  }

  @Test
  void watchers_are_held_weakly() {
    ServiceHandle service = (ServiceHandle) directory.service("a.B");
    List<Service> heard = new ArrayList<>();
    // Captures, so that it is an object of its own and not the JVM's for ever.
    service.watch(heard::add);

    Awaitility.await()
        .until(
            () -> {
              System.gc();
              return service.watchers() == 0;
            });
  }

  @Test
  void names_without_end_do_not_fill_the_memory() {
    for (int i = 0; i < 100_000; i++) {
      directory.service("s" + i);
    }

    Service beyond = directory.service("one.more");

    assertThat(beyond.endpoints().state()).isEqualTo(State.ABSENT);
    assertThat(directory.service("s99999").index()).isEqualTo(99_999);
  }
}
