package io.meshagent.core.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Instance;
import io.meshagent.core.config.EntryFormat;
import io.meshagent.core.config.EntrySource;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.ServiceChange;
import io.meshagent.core.registry.WholeServices;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.client.EtcdTrouble;
import io.meshagent.core.registry.etcd.lease.EtcdRegistration;
import io.meshagent.core.registry.etcd.mirror.MirrorRecord;
import io.meshagent.core.registry.etcd.mirror.MirroredEtcd;
import io.meshagent.core.registry.format.EntryReader;
import io.meshagent.core.registry.format.HostPort;
import io.meshagent.core.run.ManualLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Entries with host names, and a name service that has its moods. */
class HostNamesTest {

  private final FakeEtcd etcd = new FakeEtcd();
  private final ManualLoop loop = new ManualLoop();
  private final Map<String, List<Instance>> services = new HashMap<>();
  private final Map<String, List<Instance>> moved = new HashMap<>();

  /** The last byte of the addresses of each host that can be resolved. */
  private final Map<String, List<Integer>> names = new HashMap<>();

  private final List<String> asked = new ArrayList<>();

  /** How long the name service takes to know nothing. */
  private long slowNanos;

  private long slept;

  private final EtcdInstances directory =
      new EtcdInstances(
          new EntryReader(new EntrySource(EntryFormat.ETCD, "/services", null)),
          new HostAddresses(this::resolve, () -> loop.nanoTime() + slept));
  private final EtcdFeed feed =
      new EtcdFeed(
          new MirroredEtcd(etcd, loop, 1, 15, new MirrorRecord(loop)),
          loop,
          directory,
          new EtcdRegistration(etcd, loop, 15),
          new Registry.Listener() {
            @Override
            public void listed(Map<String, List<Instance>> all) {
              services.clear();
              services.putAll(all);
            }

            @Override
            public void changed(List<ServiceChange> some) {
              WholeServices.apply(services, some);
            }

            @Override
            public void moved(List<ServiceChange> some) {
              WholeServices.apply(moved, some);
            }

            @Override
            public void unreachable(String why) {}
          },
          new EtcdTrouble());

  private List<InetSocketAddress> resolve(HostPort at) {
    asked.add(at.host());
    List<Integer> last = names.get(at.host());
    if (last == null) {
      slept += slowNanos;
      return List.of();
    }
    return last.stream().map(each -> address(each, at.port())).toList();
  }

  private static InetSocketAddress address(int last, int port) {
    try {
      byte[] ip = {10, 0, 0, (byte) last};
      return new InetSocketAddress(InetAddress.getByAddress(ip), port);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private void write(String hostPort) {
    etcd.write("/services/a.B/" + hostPort, hostPort, 0);
  }

  private List<InetSocketAddress> addresses() {
    return services.getOrDefault("a.B", List.of()).stream().map(Instance::address).toList();
  }

  @Test
  void a_name_that_is_unknown_for_a_moment_keeps_its_address() {
    names.put("one", List.of(1));
    write("one:7");
    feed.start();
    loop.passSeconds(1);

    names.clear();
    feed.lookAgain();
    assertThat(addresses()).as("listed again").containsExactly(address(1, 7));

    etcd.write("/services/a.B/one:7", "{\"Op\":0,\"Addr\":\"one:7\",\"Metadata\":{\"w\":1}}", 0);
    loop.passSeconds(0.5);
    assertThat(addresses()).as("changed").containsExactly(address(1, 7));
    assertThat(services.get("a.B").get(0).metadata()).containsEntry("w", "1");

    etcd.remove("/services/a.B/one:7");
    write("one:7");
    loop.passSeconds(0.5);
    assertThat(addresses()).as("registered again").containsExactly(address(1, 7));
  }

  @Test
  void a_name_that_moved_during_such_a_moment_is_found_soon() {
    names.put("one", List.of(1));
    write("one:7");
    feed.start();
    names.clear();
    feed.lookAgain();
    names.put("one", List.of(2));

    loop.passSeconds(1.1);

    assertThat(addresses()).containsExactly(address(2, 7));
  }

  @Test
  void an_instance_whose_name_was_never_known_is_left_out_until_it_is() {
    names.put("one", List.of(1));
    write("one:7");
    write("two:7");
    feed.start();
    assertThat(addresses()).containsExactly(address(1, 7));

    loop.passSeconds(200);
    long tries = asked.stream().filter("two"::equals).count();
    assertThat(tries).isBetween(8L, 30L);

    names.put("two", List.of(2));
    loop.passSeconds(30.1);
    assertThat(addresses()).containsExactlyInAnyOrder(address(1, 7), address(2, 7));

    asked.clear();
    loop.passSeconds(9);
    assertThat(asked.stream().filter("two"::equals)).as("soon after").hasSizeLessThan(2);
  }

  @Test
  void one_name_that_is_never_found_makes_no_other_wait() {
    write("one:7");
    feed.start();
    loop.passSeconds(200);

    write("two:7");
    names.put("two", List.of(2));
    loop.passSeconds(1.1);

    assertThat(addresses()).containsExactly(address(2, 7));
  }

  @Test
  void a_name_service_that_does_not_answer_is_asked_once_and_then_left_alone() {
    slowNanos = 10_000_000_000L;
    for (int i = 0; i < 100; i++) {
      write("host" + i + ":7");
    }
    feed.start();
    assertThat(asked).containsExactly("host0");

    for (int i = 1; i < 100; i++) {
      names.put("host" + i, List.of(i));
    }
    // It is left alone for the 10 s that it took; then the random wait is 30 s at most.
    loop.passSeconds(41);

    assertThat(addresses()).hasSize(99);
    assertThat(asked.stream().filter("host0"::equals).count()).isBetween(2L, 5L);
  }

  @Test
  void a_name_of_an_entry_that_is_gone_is_not_asked_for_any_more() {
    write("one:7");
    feed.start();
    etcd.remove("/services/a.B/one:7");
    feed.lookAgain();
    asked.clear();

    loop.passSeconds(100);

    assertThat(asked).isEmpty();
  }

  @Test
  void known_names_are_asked_for_every_half_minute() {
    names.put("one", List.of(1));
    write("one:7");
    feed.start();
    asked.clear();

    loop.passSeconds(23);
    assertThat(asked).isEmpty();
    names.put("one", List.of(2));
    loop.passSeconds(7.1);
    assertThat(addresses()).containsExactly(address(2, 7));

    loop.passSeconds(300);
    assertThat(asked).hasSizeBetween(10, 15);
  }

  @Test
  void a_name_is_asked_for_soon_and_again_after_a_connection_failed() {
    names.put("one", List.of(1));
    write("one:7");
    feed.start();
    asked.clear();

    for (int i = 0; i < 100; i++) {
      feed.suspect("one:7");
    }
    loop.passSeconds(1.1);
    assertThat(asked).containsExactly("one");
    loop.passSeconds(60);
    assertThat(asked).as("in a minute").hasSizeBetween(12, 16);

    names.put("one", List.of(2));
    loop.passSeconds(5.1);
    assertThat(addresses()).containsExactly(address(2, 7));
    asked.clear();
    loop.passSeconds(18);
    assertThat(asked).as("once it is known").isEmpty();
  }

  @Test
  void suspicion_ends_when_nobody_renews_it() {
    names.put("one", List.of(1));
    write("one:7");
    feed.start();
    feed.suspect("one:7");
    loop.passSeconds(121);
    asked.clear();

    loop.passSeconds(60);

    assertThat(asked).hasSizeBetween(1, 3);
  }

  @Test
  void a_name_keeps_its_address_while_it_is_one_of_several_or_unknown() {
    names.put("one", List.of(2));
    write("one:7");
    feed.start();

    names.put("one", List.of(1, 2, 3));
    loop.passSeconds(60);
    assertThat(addresses()).as("one of several").containsExactly(address(2, 7));

    names.clear();
    loop.passSeconds(60);
    assertThat(addresses()).as("unknown").containsExactly(address(2, 7));

    names.put("one", List.of(1, 3));
    loop.passSeconds(31);
    assertThat(addresses()).as("no longer").containsExactly(address(1, 7));
  }

  @Test
  void a_name_that_moves_while_etcd_is_away_is_followed() {
    names.put("one", List.of(1));
    write("one:7");
    feed.start();
    etcd.failure = new EtcdFailure(EtcdFailure.Kind.UNREACHABLE, "connection refused");
    etcd.cut(etcd.failure);
    names.put("one", List.of(2));

    loop.passSeconds(31);

    assertThat(moved.get("a.B").get(0).address()).isEqualTo(address(2, 7));
  }

  @Test
  void a_name_that_is_read_anew_elsewhere_moves_with_all_of_its_services() {
    names.put("host", List.of(1));
    write("host:7");
    feed.start();
    loop.passSeconds(1);
    names.put("host", List.of(2));

    etcd.write("/services/c.D/host:7", "host:7", 0);
    loop.passSeconds(1);

    for (String service : List.of("a.B", "c.D")) {
      assertThat(services.get(service))
          .as(service)
          .extracting(Instance::address)
          .containsExactly(address(2, 7));
    }
  }

  @Test
  void many_names_are_asked_for_in_turn() {
    for (int i = 0; i < 1_000; i++) {
      names.put("host" + i, List.of(1));
      write("host" + i + ":7");
    }
    feed.start();
    asked.clear();

    loop.passSeconds(60);
    assertThat(asked.size()).as("in a minute").isBetween(200, 600);
    loop.passSeconds(100);
    assertThat(Set.copyOf(asked)).hasSize(1_000);
  }
}
