package io.meshagent.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Instance;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
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
