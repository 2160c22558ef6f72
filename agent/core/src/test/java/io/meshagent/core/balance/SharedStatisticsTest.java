package io.meshagent.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Statistics;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharedStatisticsTest {

  private final SharedStatistics shared = new SharedStatistics();

  private static Instance instance(int port, String address, Map<String, String> facts) {
    return new Instance("one", port, InetSocketAddress.createUnresolved(address, port), facts);
  }

  @Test
  void an_instance_has_one_whatever_it_says_of_itself() {
    Statistics one = shared.of(instance(1, "a", Map.of()));

    assertThat(shared.of(instance(1, "a", Map.of("weight", "7")))).isSameAs(one);
    assertThat(shared.of(instance(2, "a", Map.of()))).isNotSameAs(one);
    assertThat(shared.of(instance(1, "b", Map.of()))).as("it has moved").isNotSameAs(one);
  }

  @Test
  void what_never_left_says_nothing_of_the_instance() {
    Statistics statistics = new Statistics();
    for (boolean sent : new boolean[] {true, false}) {
      statistics.begin();
      assertThat(statistics.inFlight()).isEqualTo(1);
      statistics.end(Code.UNAVAILABLE, sent);
    }
    statistics.begin();
    statistics.answered(40);
    statistics.end(Code.OK, true);

    assertThat(statistics.inFlight()).isZero();
    assertThat(statistics.started()).isEqualTo(3);
    assertThat(statistics.failed()).isEqualTo(1);
    assertThat(statistics.answered()).isEqualTo(1);
    assertThat(statistics.waitedNanos()).isEqualTo(40);
  }
}
