package io.meshagent.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Instance;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class BoundedEntriesTest {

  private final TreeSet<String> changed = new TreeSet<>();

  private void note(String service, String hostPort) {
    changed.add(service);
  }

  private static BoundedEntries entries(int ofService, int inAll) {
    return new BoundedEntries(new DirectoryLimits(ofService, inAll, 1), "called"::equals);
  }

  private static List<Instance> at(int port, int size) {
    InetSocketAddress address = InetSocketAddress.createUnresolved("h", port);
    Map<String, String> facts = size == 0 ? Map.of() : Map.of("f", "x".repeat(size));
    return List.of(new Instance("h", port, address, facts));
  }

  private void put(BoundedEntries into, String service, int port, int size) {
    into.put(service, String.format("%05d", port), at(port, size), this::note);
  }

  private static List<Integer> ports(BoundedEntries entries, String service) {
    return entries.instances(service).stream().map(Instance::port).toList();
  }

  @Test
  void holds_what_there_is_room_for() {
    BoundedEntries entries = entries(3, 10);
    put(entries, "a", 1, 0);
    put(entries, "a", 2, 0);
    put(entries, "a", 1, 0);

    assertThat(ports(entries, "a")).containsExactly(1, 2);
    assertThat(entries.leftOut()).isZero();
    entries.remove("a", "00001", this::note);
    entries.remove("a", "00002", this::note);
    assertThat(entries.services()).isEmpty();
    assertThat(entries.bytes()).isZero();
  }

  @Test
  void of_a_service_the_first_by_name_stay_in_whatever_order_they_come() {
    List<Integer> ports = new ArrayList<>(List.of(1, 2, 3, 4, 5, 6, 7, 8));
    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(ports, new Random(seed));
      BoundedEntries entries = entries(3, 10);
      ports.forEach(port -> put(entries, "a", port, 0));

      assertThat(ports(entries, "a")).as("%s", ports).containsExactly(1, 2, 3);
      assertThat(entries.leftOut()).isEqualTo(5);
      assertThat(entries.worst()).isEqualTo("a");
    }
  }

  @Test
  void large_entries_go_before_small_ones_in_whatever_order_they_come() {
    List<Integer> ports = new ArrayList<>(List.of(1, 2, 3, 4, 5, 6, 7, 8));
    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(ports, new Random(seed));
      BoundedEntries entries = entries(3, 10);
      ports.forEach(port -> put(entries, "a", port, port < 6 ? 60_000 : 100));

      assertThat(ports(entries, "a")).as("%s", ports).containsExactly(6, 7, 8);
    }
  }

  @Test
  void a_flood_of_one_service_displaces_no_other() {
    BoundedEntries entries = entries(100, 10);
    for (int port = 1; port < 50; port++) {
      put(entries, "flood", port, 0);
    }
    put(entries, "good", 1, 0);
    put(entries, "good", 2, 0);
    changed.clear();
    put(entries, "good", 3, 0);

    assertThat(ports(entries, "good")).containsExactly(1, 2, 3);
    assertThat(ports(entries, "flood")).containsExactly(1, 2, 3, 4, 5, 6, 7);
    assertThat(changed).containsExactly("flood", "good");
    assertThat(entries.worst()).isEqualTo("flood");
  }

  @Test
  void a_flood_of_services_displaces_none_that_is_called() {
    BoundedEntries entries = entries(100, 10);
    for (int port = 1; port < 5; port++) {
      put(entries, "called", port, 0);
    }
    for (int i = 0; i < 1_000; i++) {
      put(entries, "s" + i, 1, 0);
    }

    assertThat(ports(entries, "called")).containsExactly(1, 2, 3, 4);
    assertThat(entries.instances()).isEqualTo(10);
    assertThat(entries.services()).hasSize(7);
  }

  @Test
  void memory_is_bounded_too() {
    BoundedEntries entries = entries(1_000, 1_000);
    for (int port = 1; port < 1_000; port++) {
      put(entries, "flood", port, 60_000);
    }
    put(entries, "good", 1, 100);

    assertThat(entries.bytes()).isLessThanOrEqualTo(1 << 20);
    assertThat(entries.instances("flood")).hasSize(17);
    assertThat(entries.instances("good")).hasSize(1);
  }

  private static Instance located(String host, int started) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 7);
    return new Instance(host, 7, address, Map.of("started", "" + started));
  }

  @Test
  void of_several_entries_that_name_a_host_and_port_the_one_that_started_last_counts() {
    BoundedEntries entries = entries(100, 100);
    List<String> affected = new ArrayList<>();
    BiConsumer<String, String> note = (service, hostPort) -> affected.add(service + " " + hostPort);
    entries.put("a", "h:7", List.of(located("h", 1)), note);
    entries.put("a", "lease1", List.of(located("h", 3), located("i", 0)), note);
    entries.put("a", "lease2", List.of(located("h", 2)), note);
    assertThat(affected).containsExactly("a h:7", "a h:7", "a i:7", "a h:7");
    assertThat(entries.counting("a", "h:7")).isEqualTo(located("h", 3));

    affected.clear();
    entries.remove("a", "lease1", note);
    assertThat(affected).containsExactly("a h:7", "a i:7");
    assertThat(entries.counting("a", "h:7")).isEqualTo(located("h", 2));
    assertThat(entries.counting("a", "i:7")).isNull();
    entries.remove("a", "lease2", note);
    assertThat(entries.counting("a", "h:7")).isEqualTo(located("h", 1));
    entries.remove("a", "h:7", note);
    assertThat(entries.counting("a", "h:7")).isNull();
  }

  @Test
  void an_instance_without_an_address_counts_when_it_has_one() {
    BoundedEntries entries = entries(100, 100);
    put(entries, "a", 7, 0);
    assertThat(entries.counting("a", "h:7")).isNull();
    List<String> affected = new ArrayList<>();

    entries.replaceAt(
        Set.of("h:7", "other:7"),
        before -> List.of(located("h", 0)),
        (service, hostPort) -> affected.add(service + " " + hostPort));

    assertThat(affected).containsExactly("a h:7");
    assertThat(entries.counting("a", "h:7")).isEqualTo(located("h", 0));
  }

  @Test
  void which_instance_counts_is_the_same_as_if_all_were_looked_at() {
    Random random = new Random(3);
    BoundedEntries entries = entries(6, 14);
    for (int i = 0; i < 20_000; i++) {
      String service = "s" + random.nextInt(3);
      String place =
          random.nextBoolean() ? "h" + random.nextInt(5) + ":7" : "p" + random.nextInt(4);
      if (random.nextInt(4) == 0) {
        entries.remove(service, place, this::note);
      } else {
        List<Instance> found = new ArrayList<>();
        for (int each = 0; each <= random.nextInt(3); each++) {
          found.add(located("h" + random.nextInt(5), random.nextInt(3)));
        }
        entries.put(service, place, found, this::note);
      }
      Map<String, Instance> all = ServiceChange.byHostPort(entries.instances(service));
      for (int host = 0; host < 5; host++) {
        String hostPort = "h" + host + ":7";
        assertThat(entries.counting(service, hostPort)).isEqualTo(all.get(hostPort));
      }
    }
  }

  @Test
  void counts_stay_right_whatever_happens() {
    Random random = new Random(7);
    BoundedEntries entries = entries(5, 12);
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      String service = random.nextInt(6) == 0 ? "called" : "s" + random.nextInt(5);
      int port = 1 + random.nextInt(9);
      if (random.nextInt(3) == 0) {
        entries.remove(service, String.format("%05d", port), this::note);
      } else {
        put(entries, service, port, random.nextInt(4) * 30_000);
      }
      int instances = 0;
      for (String name : entries.services()) {
        instances += entries.instances(name).size();
        seen.merge(name, 1, Integer::sum);
        assertThat(entries.instances(name)).isNotEmpty().hasSizeLessThanOrEqualTo(5);
      }
      assertThat(instances).isEqualTo(entries.instances()).isLessThanOrEqualTo(12);
      assertThat(entries.bytes()).isBetween(0L, 1L << 20);
    }
    assertThat(seen).hasSize(6);
  }
}
