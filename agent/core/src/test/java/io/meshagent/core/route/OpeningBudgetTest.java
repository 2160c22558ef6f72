package io.meshagent.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Openings;
import io.meshagent.core.call.TestAgent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpeningBudgetTest {

  private final TestAgent agent = new TestAgent();
  private final OpeningBudget budget = new OpeningBudget(agent);
  private final List<Opening> told = new ArrayList<>();

  private final class Opening implements Openings.Opening {
    @Override
    public void mayBegin() {
      told.add(this);
    }
  }

  private List<Opening> begin(int openings) {
    List<Opening> waiting = new ArrayList<>();
    for (int i = 0; i < openings; i++) {
      Opening opening = new Opening();
      if (!budget.begin(opening, false)) {
        waiting.add(opening);
      }
    }
    return waiting;
  }

  @Test
  void so_many_begin_at_once_and_the_others_in_order_as_places_fall_free() {
    Opening first = new Opening();
    assertThat(budget.begin(first, false)).isTrue();
    List<Opening> waiting = begin(299);
    assertThat(waiting).hasSize(300 - OpeningBudget.MOST);
    assertThat(told).isEmpty();

    budget.end(first);
    assertThat(told).containsExactly(waiting.get(0));
    budget.end(first);
    assertThat(told).as("it has ended before").hasSize(1);

    for (int i = 1; i < waiting.size(); i++) {
      budget.end(told.get(told.size() - 1));
    }
    assertThat(told).containsExactlyElementsOf(waiting);
  }

  @Test
  void what_takes_longer_than_a_second_holds_up_nobody() {
    List<Opening> waiting = begin(60);

    agent.pass(Duration.ofMillis(999));
    assertThat(told).isEmpty();
    agent.pass(Duration.ofMillis(1));
    assertThat(told).containsExactlyElementsOf(waiting.subList(0, OpeningBudget.MOST));
    agent.pass(Duration.ofSeconds(1));
    assertThat(told).containsExactlyElementsOf(waiting);
  }

  @Test
  void what_calls_depend_on_waits_for_nobody_and_counts() {
    assertThat(begin(OpeningBudget.MOST)).isEmpty();
    Opening urgent = new Opening();
    assertThat(budget.begin(urgent, true)).isTrue();
    List<Opening> waiting = begin(1);

    budget.end(urgent);

    assertThat(waiting).hasSize(1);
    assertThat(told).as("there are as many as there may be").isEmpty();
  }

  @Test
  void what_is_not_wanted_any_more_gets_no_turn() {
    Opening first = new Opening();
    assertThat(budget.begin(first, false)).isTrue();
    List<Opening> waiting = begin(OpeningBudget.MOST + 1);
    budget.end(waiting.get(0));

    budget.end(first);

    assertThat(told).containsExactly(waiting.get(1));
  }
}
