package io.meshagent.core.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What can't be connected to is neither held nor forgotten for nothing. */
class RefusingInstancesTest extends DirectoryFixture {

  @Test
  void what_is_held_and_refuses_is_dropped_at_once() {
    list("a.B", 1, 2, 3);
    told.listed(Map.of());

    directory.refuses(at(2), true);

    assertThat(used("a.B")).containsExactly(1, 3);
    assertThat(directory.view().held()).isEqualTo(2);
    change("a.B", 1, 2, 3);
    assertThat(used("a.B")).as("and is there again when it registers").containsExactly(1, 2, 3);
  }

  @Test
  void what_is_registered_stays_though_it_refuses() {
    list("a.B", 1, 2);

    directory.refuses(at(1), true);

    assertThat(used("a.B")).containsExactly(1, 2);
  }

  @Test
  void what_refuses_already_is_not_held() {
    list("a.B", 1, 2, 3);
    directory.refuses(at(1), true);
    directory.refuses(at(2), true);
    directory.refuses(at(2), false);
    directory.unreachable("down");
    recover();

    told.listed(Map.of());

    assertThat(used("a.B")).containsExactly(2, 3);
  }

  @Test
  void what_an_earlier_program_refused_is_forgotten_when_a_new_one_registers() {
    list("a.B", 1, 2);
    directory.refuses(at(1), true);
    told.changed(Map.of("a.B", List.of(at(1, "started", "2"), at(2))));

    told.listed(Map.of());

    assertThat(used("a.B")).containsExactly(1, 2);
  }

  @Test
  void dead_programs_do_not_make_a_mass() {
    list("a.B", 1, 2, 3, 4, 5);
    directory.refuses(at(1), true);
    directory.refuses(at(2), true);
    directory.refuses(at(3), true);

    change("a.B", 4);

    assertThat(used("a.B")).as("5 alone went without a word").containsExactly(4);
  }

  @Test
  void refusals_of_strangers_are_not_kept() {
    list("a.B", 1, 2);
    List<Instance> strangers = new ArrayList<>();
    for (int port = 100; port < 200; port++) {
      strangers.add(at(port));
    }
    strangers.forEach(stranger -> directory.refuses(stranger, true));

    change("a.B", 1, 2, 100, 101);
    told.listed(Map.of());

    assertThat(used("a.B")).containsExactly(1, 2, 100, 101);
  }
}
