package io.meshagent.core.policy.shed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The load is read on a loop, smoothed, and only while somebody asks. */
class CpuLoadTest {

  private final TestLoop loop = new TestLoop();
  private double now;
  private final CpuLoad load = new CpuLoad(() -> () -> now, loop);

  @Test
  void nobody_knows_it_before_the_first_reading_and_then_it_follows() {
    now = -1;
    assertThat(load.percent()).isNegative();
    now = 0.4;
    assertThat(loop.step()).isTrue();
    assertThat(load.percent()).isEqualTo(40);
    now = 1;
    for (int i = 0; i < 4; i++) {
      loop.step();
    }
    assertThat(load.percent()).as("two seconds later").isCloseTo(81, within(1.0));
    now = -1;
    loop.step();
    assertThat(load.percent()).as("a reading that failed").isCloseTo(81, within(1.0));
    assertThat(loop.begun).isEqualTo(1);
  }

  @Test
  void it_is_read_no_more_when_nobody_asks_and_again_when_somebody_does() {
    now = 0.5;
    double unused = load.percent();
    int steps = 0;
    while (loop.step()) {
      steps++;
    }
    assertThat(steps).as("a minute").isBetween(120, 125);

    assertThat(load.percent()).isEqualTo(50);
    assertThat(loop.begun).isEqualTo(2);
    assertThat(loop.next).isNotNull();
  }
}
