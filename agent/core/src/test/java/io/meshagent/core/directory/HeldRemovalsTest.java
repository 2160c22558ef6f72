package io.meshagent.core.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Endpoints.State;
import io.meshagent.core.api.Instance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A registry in trouble never removes an endpoint. */
class HeldRemovalsTest extends DirectoryFixture {

  @Test
  void one_of_a_few_goes_at_once() {
    list("a.B", 1, 2);

    change("a.B", 1);

    assertThat(used("a.B")).containsExactly(1);
    assertThat(directory.view().held()).isZero();
  }

  @Test
  void the_last_one_is_held_until_a_second_look_misses_it_too() {
    answerLooks();
    list("a.B", 1);

    change("a.B");
    assertThat(used("a.B")).containsExactly(1);
    assertThat(directory.view().held()).isEqualTo(1);
    assertThat(directory.view().instances()).isEqualTo(1);

    loop.passSeconds(HOLD - 0.1);
    assertThat(looks).isZero();
    assertThat(used("a.B")).containsExactly(1);
    loop.passSeconds(HOLD / 4 + 0.1);
    assertThat(looks).isEqualTo(1);
    assertThat(directory.service("a.B").endpoints().state()).isEqualTo(State.ABSENT);
    assertThat(directory.view().held()).isZero();
    loop.passSeconds(100);
    assertThat(looks).isEqualTo(1);
  }

  @Test
  void a_removal_that_waits_ends_with_the_return() {
    answerLooks();
    list("a.B", 1);
    change("a.B");

    change("a.B", 1);

    assertThat(directory.view().held()).isZero();
    loop.passSeconds(100);
    assertThat(looks).isZero();
    assertThat(used("a.B")).containsExactly(1);
  }

  @Test
  void an_announced_leaving_is_never_held() {
    told.listed(Map.of("a.B", List.of(at(1, "draining", "true"))));

    told.changed(Map.of("a.B", List.of()));

    assertThat(directory.service("a.B").endpoints().state()).isEqualTo(State.ABSENT);
  }

  @Test
  void the_last_one_that_wants_calls_is_held_though_others_are_there() {
    Instance leaving = at(1, "draining", "true");
    told.listed(Map.of("a.B", List.of(leaving, at(2))));

    told.changed(Map.of("a.B", List.of(leaving)));

    assertThat(used("a.B")).containsExactly(2);
  }

  @Test
  void many_that_go_together_are_held_all() {
    list("a.B", 1, 2, 3, 4, 5);

    change("a.B", 1, 2, 3);

    assertThat(used("a.B")).containsExactly(1, 2, 3, 4, 5);
    assertThat(directory.view().held()).isEqualTo(2);
  }

  @Test
  void many_that_go_one_by_one_are_held_from_the_one_that_is_too_many() {
    list("a.B", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

    change("a.B", 2, 3, 4, 5, 6, 7, 8, 9, 10);
    loop.passSeconds(1);
    change("a.B", 3, 4, 5, 6, 7, 8, 9, 10);
    loop.passSeconds(1);
    change("a.B", 4, 5, 6, 7, 8, 9, 10);
    assertThat(directory.view().held()).isZero();
    loop.passSeconds(1);
    change("a.B", 5, 6, 7, 8, 9, 10);

    assertThat(used("a.B")).containsExactly(4, 5, 6, 7, 8, 9, 10);
    assertThat(directory.view().held()).isEqualTo(1);
  }

  @Test
  void removals_that_lie_apart_are_no_mass() {
    list("a.B", 1, 2, 3, 4, 5);

    change("a.B", 1, 2, 3, 4);
    loop.passSeconds(HOLD);
    change("a.B", 1, 2, 3);
    loop.passSeconds(HOLD);
    change("a.B", 1, 2);

    assertThat(directory.view().held()).isZero();
    assertThat(used("a.B")).containsExactly(1, 2);
  }

  @Test
  void one_that_comes_and_goes_counts_once() {
    list("a.B", 1, 2, 3, 4, 5);
    for (int i = 0; i < 5; i++) {
      change("a.B", 1, 2, 3, 4);
      assertThat(directory.view().held()).isZero();
      change("a.B", 1, 2, 3, 4, 5);
      loop.passSeconds(0.1);
    }
    change("a.B", 1, 2, 3, 4);
    assertThat(used("a.B")).containsExactly(1, 2, 3, 4);
  }

  @Test
  void a_list_that_shrank_across_all_services_is_held() {
    for (int i = 0; i < 10; i++) {
      source.put("s" + i, ports(10 * i + 1, 10 * i + 2));
    }
    told.listed(new HashMap<>(source));

    // One of two each: no service alone would be suspicious.
    for (int i = 0; i < 10; i++) {
      source.put("s" + i, ports(10 * i + 1));
    }
    told.listed(new HashMap<>(source));

    assertThat(directory.view().held()).isEqualTo(10);
    assertThat(directory.view().instances()).isEqualTo(20);
  }

  @Test
  void an_empty_list_removes_nothing() {
    answerLooks();
    list("a.B", 1, 2, 3);
    source.put("c.D", ports(4));
    told.listed(new HashMap<>(source));

    told.listed(Map.of());

    assertThat(used("a.B")).containsExactly(1, 2, 3);
    assertThat(used("c.D")).containsExactly(4);
    assertThat(directory.view().held()).isEqualTo(4);
    loop.passSeconds(2 * HOLD);
    assertThat(looks).as("the look found them all").isEqualTo(1);
    assertThat(directory.view().held()).isZero();
    assertThat(directory.view().instances()).isEqualTo(4);
  }

  @Test
  void a_program_of_many_services_counts_once() {
    for (int i = 0; i < 10; i++) {
      source.put("s" + i, ports(1, 2, 3));
    }
    told.listed(new HashMap<>(source));

    for (int i = 0; i < 10; i++) {
      change("s" + i, 1, 2);
    }

    assertThat(directory.view().held()).isZero();
    assertThat(used("s9")).containsExactly(1, 2);
  }

  @Test
  void whatever_goes_soon_after_trouble_is_held() {
    answerLooks();
    list("a.B", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    directory.unreachable("connection refused");
    loop.passSeconds(60);
    recover();

    change("a.B", 2, 3, 4, 5, 6, 7, 8, 9, 10);

    assertThat(directory.view().held()).isEqualTo(1);
    loop.passSeconds(HOLD * 1.3);
    assertThat(used("a.B")).containsExactly(2, 3, 4, 5, 6, 7, 8, 9, 10);
  }

  @Test
  void a_good_while_after_trouble_the_registry_is_believed_again() {
    list("a.B", 1, 2, 3, 4, 5);
    directory.unreachable("connection refused");
    recover();
    loop.passSeconds(HOLD);

    change("a.B", 2, 3, 4, 5);

    assertThat(used("a.B")).containsExactly(2, 3, 4, 5);
  }

  @Test
  void the_time_starts_anew_with_every_trouble() {
    answerLooks();
    list("a.B", 1);
    change("a.B");
    for (int i = 0; i < 10; i++) {
      loop.passSeconds(HOLD - 1);
      directory.unreachable("again");
      directory.unreachable("and again");
      loop.passSeconds(100);
      recover();
    }
    assertThat(looks).isZero();
    assertThat(used("a.B")).containsExactly(1);

    loop.passSeconds(HOLD * 1.3);
    assertThat(looks).isEqualTo(1);
    assertThat(used("a.B")).isEmpty();
  }

  @Test
  void an_early_list_confirms_nothing() {
    list("a.B", 1, 2, 3);
    told.listed(Map.of());
    loop.passSeconds(HOLD - 0.1);

    told.listed(Map.of());
    assertThat(directory.view().held()).isEqualTo(3);
    loop.passSeconds(0.1);
    told.listed(Map.of());

    assertThat(directory.view().held()).isZero();
    assertThat(directory.view().instances()).isZero();
  }

  @Test
  void a_change_confirms_nothing_either() {
    list("a.B", 1, 2, 3);
    change("a.B", 1);
    loop.passSeconds(3 * HOLD);

    change("a.B", 1, 9);

    assertThat(used("a.B")).containsExactly(1, 2, 3, 9);
  }

  @Test
  void a_look_without_an_answer_is_repeated_but_not_in_a_hurry() {
    directory.looksAgainBy(() -> looks++);
    list("a.B", 1);
    change("a.B");
    for (int i = 0; i < 100; i++) {
      loop.passSeconds(HOLD / 10);
      change("other.Service", 10_000 + i);
    }
    assertThat(looks).isBetween(5, 20);
  }
}
