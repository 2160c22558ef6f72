package io.meshagent.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Instance;
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
    InstanceStatistics one = shared.of(instance(1, "a", Map.of()));

    assertThat(shared.of(instance(1, "a", Map.of("weight", "7")))).isSameAs(one);
    assertThat(shared.of(instance(2, "a", Map.of()))).isNotSameAs(one);
    assertThat(shared.of(instance(1, "b", Map.of()))).as("it has moved").isNotSameAs(one);
  }
}
