package io.meshagent.core.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SideBySideTest {

  private static Look look(String name, Consumer<Consumer<Finding>> what) {
    return new Look() {
      @Override
      public void look(Consumer<Finding> told) {
        what.accept(told);
      }

      @Override
      public Finding late() {
        return Finding.wrong(name, name + " was late", null);
      }
    };
  }

  @Test
  void findings_come_in_the_order_of_the_looks() {
    CountDownLatch second = new CountDownLatch(1);
    Look slow =
        look(
            "slow",
            told -> {
              await(second);
              told.accept(Finding.good("slow", "1"));
              told.accept(Finding.good("slow", "2"));
            });
    Look fast =
        look(
            "fast",
            told -> {
              told.accept(Finding.good("fast", "3"));
              second.countDown();
            });

    assertThat(SideBySide.run(List.of(slow, fast), new TimeLimit(30_000)))
        .extracting(Finding::sentence)
        .containsExactly("1.", "2.", "3.");
  }

  @Test
  void one_that_hangs_costs_the_others_nothing_and_what_it_saw_counts() {
    CountDownLatch never = new CountDownLatch(1);
    Look hangs =
        look(
            "hangs",
            told -> {
              told.accept(Finding.good("hangs", "first step"));
              await(never);
            });
    Look good = look("good", told -> told.accept(Finding.good("good", "well")));

    assertThat(SideBySide.run(List.of(hangs, good), new TimeLimit(100)))
        .extracting(Finding::sentence)
        .containsExactly("first step.", "hangs was late (agent/docs/check.md#hangs).", "well.");
    never.countDown();
  }

  @Test
  void one_that_fails_says_so() {
    Look fails =
        look(
            "fails",
            told -> {
              throw new IllegalStateException("broken");
            });

    assertThat(SideBySide.run(List.of(fails), new TimeLimit(30_000)))
        .singleElement()
        .extracting(Finding::sentence)
        .asString()
        .contains("could not look at this", "broken");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
