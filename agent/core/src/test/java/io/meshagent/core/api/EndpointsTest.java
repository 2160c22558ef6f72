package io.meshagent.core.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointsTest {

  private static Instance instance(Map<String, String> facts) {
    return new Instance("127.0.0.1", 1, InetSocketAddress.createUnresolved("127.0.0.1", 1), facts);
  }

  @Test
  void a_part_is_chosen_once_for_all_who_ask_and_by_each_chooser_for_itself() {
    Endpoints all = LiveEndpoints.of(List.of(instance(Map.of())));
    AtomicInteger chosen = new AtomicInteger();
    UnaryOperator<Endpoints> some =
        from -> {
          chosen.incrementAndGet();
          return Endpoints.of(from.list());
        };
    UnaryOperator<Endpoints> none = from -> Endpoints.ABSENT;

    Endpoints part = all.part(some);

    assertThat(all.part(none)).isSameAs(Endpoints.ABSENT);
    assertThat(all.part(some)).isSameAs(part).isEqualTo(all);
    assertThat(chosen).hasValue(1);
    assertThat(Endpoints.ABSENT.part(some)).as("nothing to choose").isSameAs(Endpoints.ABSENT);
    assertThat(Endpoints.UNKNOWN.part(some)).isSameAs(Endpoints.UNKNOWN);
  }

  @Test
  void are_equal_when_nothing_of_them_differs() {
    Instance instance = instance(Map.of());
    Endpoint live = new Endpoint(instance, Standing.LIVE, 5);

    assertThat(Endpoints.of(List.of(live)))
        .isEqualTo(Endpoints.of(List.of(new Endpoint(instance, Standing.LIVE, 5))))
        .isNotEqualTo(Endpoints.of(List.of(new Endpoint(instance, Standing.HELD, 5))))
        .isNotEqualTo(Endpoints.of(List.of(new Endpoint(instance, Standing.LIVE, 6))))
        .isNotEqualTo(Endpoints.ABSENT);
    assertThat(Endpoints.of(List.of())).isSameAs(Endpoints.ABSENT).isNotEqualTo(Endpoints.UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({"0,false", "0.0,false", "-1,false", "0.1,true", "'',true", "heavy,true", "100,true"})
  void who_weighs_nothing_wants_no_calls(String weight, boolean willing) {
    assertThat(instance(Map.of("weight", weight)).isWilling()).isEqualTo(willing);
    assertThat(instance(Map.of("weight", weight, "draining", "true")).isWilling()).isFalse();
    assertThat(instance(Map.of("draining", "false")).isWilling()).isTrue();
  }
}
