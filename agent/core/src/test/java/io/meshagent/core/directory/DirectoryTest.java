package io.meshagent.core.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints.State;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Standing;
import io.meshagent.core.registry.WholeServices;
import io.meshagent.core.run.ManualLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class DirectoryTest {

  private static final long FIRST_WAIT = 2_000_000_000L;

  private static final long HOLD = 10_000_000_000L;

  private final ManualLoop loop = new ManualLoop();
  private final Directory directory = directory(7);
  private final WholeServices source = new WholeServices(directory);

  private Directory directory(long jvm) {
    return new Directory(FIRST_WAIT, HOLD, loop, jvm, null);
  }

  private static Instance at(int port, String... facts) {
    Map<String, String> metadata = new TreeMap<>();
    for (int i = 0; i < facts.length; i += 2) {
      metadata.put(facts[i], facts[i + 1]);
    }
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    return new Instance("127.0.0.1", port, address, metadata);
  }

  @Test
  void a_service_is_unknown_until_the_first_list() {
    Service service = directory.service("a.B");
    assertThat(service.endpoints().state()).isEqualTo(State.UNKNOWN);

    source.listed(Map.of("a.B", List.of(at(1))));

    assertThat(service.endpoints().state()).isEqualTo(State.PRESENT);
    assertThat(directory.service("c.D").endpoints().state()).isEqualTo(State.ABSENT);
  }

  @Test
  void the_first_wait_ends_in_absent_and_a_later_list_is_believed() {
    Service service = directory.service("a.B");

    loop.pass(FIRST_WAIT - 1);
    assertThat(service.endpoints().state()).isEqualTo(State.UNKNOWN);
    loop.pass(1);
    assertThat(service.endpoints().state()).isEqualTo(State.ABSENT);

    source.listed(Map.of("a.B", List.of(at(1))));
    assertThat(service.endpoints().state()).isEqualTo(State.PRESENT);
  }

  @Test
  void an_unreachable_source_ends_the_wait_but_never_what_is_known() {
    Service service = directory.service("a.B");

    directory.unreachable("connection refused");
    assertThat(service.endpoints().state()).isEqualTo(State.ABSENT);
    assertThat(directory.view().trouble()).isEqualTo("connection refused");

    source.listed(Map.of("a.B", List.of(at(1))));
    assertThat(directory.view().trouble()).isNull();
    directory.unreachable("gone again");
    assertThat(service.endpoints().state()).isEqualTo(State.PRESENT);
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
  void changes_touch_the_named_services_only() {
    source.listed(Map.of("a.B", List.of(at(1, "draining", "true")), "c.D", List.of(at(2))));

    source.changed(Map.of("a.B", List.of()));

    assertThat(directory.service("a.B").endpoints().state()).isEqualTo(State.ABSENT);
    assertThat(directory.service("c.D").endpoints().state()).isEqualTo(State.PRESENT);
    assertThat(directory.view().services()).isEqualTo(1);
    assertThat(directory.view().instances()).isEqualTo(1);
  }

  @Test
  void a_new_list_replaces_everything() {
    source.listed(Map.of("a.B", List.of(at(1, "draining", "true"))));
    Service service = directory.service("a.B");

    source.listed(Map.of("c.D", List.of(at(2))));

    assertThat(service.endpoints().state()).isEqualTo(State.ABSENT);
    assertThat(directory.view().snapshot()).containsOnlyKeys("c.D");
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
  void hands_out_all_that_it_knows_and_how_it_stands() {
    Instance draining = at(1, "draining", "true");
    Instance weightless = at(2, "weight", "0");
    Instance willing = at(3, "weight", "0.1");
    Service service = directory.service("a.B");
    loop.pass(5);

    source.listed(Map.of("a.B", List.of(draining, weightless, willing)));
    assertThat(service.endpoints().instances()).containsExactly(draining, weightless, willing);
    assertThat(directory.view().snapshot().get("a.B")).hasSize(3);
    List<Endpoint> before = service.endpoints().list();
    assertThat(before.get(0).isDraining()).isTrue();
    assertThat(before.get(1).isWilling()).isFalse();
    assertThat(before.get(2).standing()).isEqualTo(Standing.LIVE);
    assertThat(before.get(2).sinceNanos()).isEqualTo(loop.nanoTime());

    directory.unreachable("gone");
    source.listed(Map.of("a.B", List.of(draining, weightless)));
    List<Endpoint> after = service.endpoints().list();
    assertThat(after.get(0)).as("nothing of it has changed").isSameAs(before.get(0));
    assertThat(after.get(2).standing()).isEqualTo(Standing.HELD);
  }

  @Test
  void an_endpoint_is_as_old_as_the_run_of_its_program_is_known() {
    Service service = directory.service("a.B");
    loop.pass(5);
    long first = loop.nanoTime();
    source.listed(Map.of("a.B", List.of(at(1, "started", "5"))));

    loop.pass(5);
    source.changed(Map.of("a.B", List.of(at(1, "started", "5", "weight", "7"))));
    assertThat(service.endpoints().list().get(0).sinceNanos()).as("facts").isEqualTo(first);
    source.changed(Map.of("a.B", List.of()));
    assertThat(service.endpoints().list().get(0).standing()).isEqualTo(Standing.HELD);
    assertThat(service.endpoints().list().get(0).sinceNanos()).as("held").isEqualTo(first);
    source.changed(Map.of("a.B", List.of(at(1, "started", "5"))));
    assertThat(service.endpoints().list().get(0).sinceNanos()).as("named").isEqualTo(first);

    source.changed(Map.of("a.B", List.of(at(1, "started", "6"))));
    assertThat(service.endpoints().list().get(0).sinceNanos()).isEqualTo(loop.nanoTime());
  }

  @Test
  void an_address_that_is_listed_twice_counts_once_as_the_younger_one() {
    Instance old = at(1, "started", "5");
    Instance young = at(1, "started", "6");

    source.listed(Map.of("a.B", Arrays.asList(young, old)));

    assertThat(directory.service("a.B").endpoints().instances()).containsExactly(young);
    assertThat(directory.view().instances()).isEqualTo(1);
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

  @Test
  void an_address_that_may_not_be_called_is_not_in_it_however_it_came_there()
      throws UnknownHostException {
    Directory directory = directory(0);
    WholeServices source = new WholeServices(directory);
    Service service = directory.service("a.B");
    Instance linkLocal = located("moved", InetAddress.getByName("169.254.169.254"));
    Instance usual = located("moved", InetAddress.getByName("10.0.0.1"));
    source.listed(Map.of("a.B", List.of(linkLocal)));
    assertThat(service.endpoints().instances()).isEmpty();
    assertThat(directory.view().forbidden()).isEqualTo(1);

    source.changed(Map.of("a.B", List.of(usual)));
    assertThat(service.endpoints().instances()).containsExactly(usual);
    assertThat(directory.view().forbidden()).isZero();

    source.changed(Map.of("a.B", List.of(linkLocal)));
    assertThat(service.endpoints().instances()).doesNotContain(linkLocal);
  }

  private static Instance located(String host, InetAddress at) {
    return new Instance(host, 80, new InetSocketAddress(at, 80), Map.of());
  }
}
