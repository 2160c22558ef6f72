package io.meshagent.core.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints.State;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Standing;
import io.meshagent.core.config.AddressRanges;
import io.meshagent.core.registry.WholeServices;
import io.meshagent.core.run.ManualLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
  void the_first_wait_counts_from_when_calls_may_come() {
    Directory early = new Directory(FIRST_WAIT, HOLD, loop, 7, null, AddressRanges.USUAL);
    Service service = early.service("a.B");
    loop.pass(2 * FIRST_WAIT);
    assertThat(service.endpoints().state()).isEqualTo(State.UNKNOWN);

    early.beginToWait();
    loop.pass(FIRST_WAIT - 1);
    assertThat(service.endpoints().state()).isEqualTo(State.UNKNOWN);
    loop.pass(1);
    assertThat(service.endpoints().state()).isEqualTo(State.ABSENT);
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
