package io.meshagent.core.policy.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.Stage;
import io.meshagent.core.telemetry.trace.TestCall;
import io.meshagent.core.telemetry.trace.Tracing;
import io.meshagent.core.telemetry.trace.TracingSettings;
import org.junit.jupiter.api.Test;

class LaneStageTest {

  private static final String TRACE = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01";

  private final Stage lane = LaneStage.of(Side.SERVER, "lane");

  private static TestCall call(Stage... stages) {
    return TestCall.of(Side.SERVER, "a.B/C", stages);
  }

  @Test
  void baggage_of_a_servers_call_is_carried_on_as_a_whole() {
    TestCall call = call(lane);
    call.addHeader("baggage", "user=7,lane=blue;ttl=5");
    assertThat(call.admitted().carriedBaggage()).isEqualTo("user=7,lane=blue;ttl=5");
    assertThat(call(lane).admitted().traceContext).as("nothing came").isNull();
  }

  @Test
  void of_more_than_anybody_has_to_pass_on_the_lane_alone_goes_on() {
    TestCall call = call(lane);
    call.addHeader("baggage", "user=" + "7".repeat(8_192) + ",lane=blue");
    assertThat(call.admitted().carriedBaggage()).isEqualTo("lane=blue");
    TestCall endless = call(lane);
    endless.addHeader("baggage", "lane=" + "b".repeat(8_192));
    assertThat(endless.admitted().carriedBaggage()).isNull();
  }

  @Test
  void trace_and_baggage_do_not_push_each_other_out() {
    Tracing tracing = Tracing.create(new TracingSettings(null, 0, "a", "1", "id"));
    Stage trace = tracing.stage(Side.SERVER, "a.B/C");
    for (Stage[] order : new Stage[][] {{lane, trace}, {trace, lane}}) {
      TestCall call = call(order);
      call.addHeader("baggage", "lane=blue");
      call.addHeader("traceparent", TRACE);
      assertThat(call.admitted().carriedBaggage()).isEqualTo("lane=blue");
      assertThat(call.carriedTraceparent()).isEqualTo(TRACE);
    }
    tracing.close();
  }

  @Test
  void calls_that_are_not_for_a_lane_cost_no_stage() {
    assertThat(LaneStage.of(Side.SERVER, null)).isNull();
    assertThat(LaneStage.of(Side.CLIENT, "lane")).isNull();
  }

  @Test
  void a_lane_is_named_as_a_label_is() {
    assertThat(RouteKeys.LANE.type().parse("env").value()).isEqualTo("env");
    assertThat(RouteKeys.LANE.type().parse("weight").problem()).contains("is none, weight");
    assertThat(RouteKeys.LANE.type().parse("a b").problem()).contains("no name");
  }

  @Test
  void baggage_goes_on_without_lanes_where_that_is_wanted() {
    assertThat(LaneStage.of(Side.SERVER, null, true)).isNotNull();
    assertThat(LaneStage.of(Side.CLIENT, null, true)).isNull();
    assertThat(LaneStage.of(Side.SERVER, null, false)).isNull();
  }
}
