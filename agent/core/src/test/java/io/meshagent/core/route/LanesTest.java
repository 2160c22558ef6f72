package io.meshagent.core.route;

import static io.meshagent.core.route.RoutedService.inLane;
import static io.meshagent.core.route.RoutedService.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Balancer;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LanesTest {

  private final RoutedService service = new RoutedService();

  @Test
  void calls_stay_in_their_lane_and_go_back_where_it_has_nobody() {
    service.have(2);
    service.have(1, "label.lane", "blue");
    service.have(1, "label.lane", "green");
    service.lanes();
    RoutedService.Channel channel = service.new Channel();
    assertThat(channel.pick(inLane("blue"))).isEqualTo(2);
    assertThat(channel.pick(inLane("green"))).isEqualTo(3);
    assertThat(service.numbers(channel, inLane("red"))).containsExactlyInAnyOrder(0, 1);
    assertThat(service.numbers(channel, with())).containsExactlyInAnyOrder(0, 1);

    RoutedService.Channel waiting = service.new Channel(Set.of(2));
    assertThat(waiting.pick(inLane("blue"))).isEqualTo(Balancer.Picker.LATER);
    waiting.fail(2);
    assertThat(service.numbers(waiting, inLane("blue")))
        .as("out of reach")
        .contains(0, 1)
        .hasSize(2);
  }

  @Test
  void where_all_are_in_lanes_calls_without_one_go_to_them() {
    service.have(2, "label.lane", "blue");
    service.lanes();
    assertThat(service.numbers(service.new Channel(), with())).containsExactlyInAnyOrder(0, 1);
    assertThat(service.numbers(service.new Channel(), inLane("red")))
        .containsExactlyInAnyOrder(0, 1);
  }

  @Test
  void a_lane_that_leaves_gives_its_calls_to_those_outside() {
    service.have(1);
    service.have(1, "label.lane", "blue", "draining", "true");
    service.lanes();
    assertThat(service.new Channel().pick(inLane("blue"))).isZero();
  }

  @Test
  void a_rule_comes_before_the_lane_and_one_that_names_a_lane_instead_of_it() {
    service.have(1, "version", "1");
    service.have(1, "version", "2");
    service.have(1, "version", "2", "label.lane", "blue");
    service.have(1, "version", "1", "label.lane", "blue");
    service.rule("x=2 -> version=2 ; x=blue -> lane=blue");
    service.lanes();
    RoutedService.Channel channel = service.new Channel();
    assertThat(service.numbers(channel, with("x", "2"))).containsExactly(1);
    assertThat(service.numbers(channel, with("x", "2", "baggage", "lane=blue"))).containsExactly(2);
    assertThat(service.numbers(channel, with("x", "blue"))).containsExactlyInAnyOrder(2, 3);
    assertThat(service.numbers(channel, with("x", "blue", "baggage", "lane=red")))
        .containsExactlyInAnyOrder(2, 3);
    assertThat(service.numbers(channel, with())).containsExactlyInAnyOrder(0, 1);
  }
}
