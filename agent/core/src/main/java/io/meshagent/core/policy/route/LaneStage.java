package io.meshagent.core.policy.route;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.Verdict;
import io.meshagent.core.route.rule.Baggage;

/**
 * Hands the baggage of a server's call to the calls that its handler makes. All of it, as the W3C
 * asks; of more than it has anybody pass on, the lane alone. Immutable.
 */
final class LaneStage implements Stage {

  /** Null if lanes don't count. */
  private final String lane;

  private LaneStage(String lane) {
    this.lane = lane;
  }

  /** For a method whose baggage goes on for the sake of lanes, if at all. */
  static Stage of(Side side, String lane) {
    return of(side, lane, false);
  }

  /**
   * For a method.
   *
   * @param lane null if lanes don't count
   * @param carries whether baggage goes on all the same
   * @return null for none
   */
  static Stage of(Side side, String lane, boolean carries) {
    return side == Side.SERVER && (lane != null || carries) ? new LaneStage(lane) : null;
  }

  @Override
  public Verdict enter(Call call) {
    String baggage = call.allOf(Baggage.HEADER);
    if (baggage != null && baggage.length() > Baggage.LONGEST) {
      baggage = lane == null ? null : Baggage.member(baggage, lane);
    }
    if (baggage != null && baggage.length() <= Baggage.LONGEST) {
      call.carry(baggage);
    }
    return null;
  }

  @Override
  public void leave(Call call) {}
}
