package io.meshagent.core.policy;

import io.meshagent.core.api.Call;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Refusal;
import io.meshagent.core.api.Stage;

/** Refuses the calls that come faster than a limit, and says when to come back. */
final class RateLimitStage implements Stage {

  private final RateLimit limit;

  RateLimitStage(RateLimit limit) {
    this.limit = limit;
  }

  @Override
  public Refusal enter(Call call) {
    if (limit.tryTake()) {
      return null;
    }
    String description = "mesh-agent: more than " + limit.rate() + " calls (" + limit.name() + ")";
    return Refusal.comeBackAfter(
        "rate-limit", Code.RESOURCE_EXHAUSTED, description, limit.millisToNext());
  }

  /** A token that was taken is spent, however the call ended. */
  @Override
  public void leave(Call call) {}
}
