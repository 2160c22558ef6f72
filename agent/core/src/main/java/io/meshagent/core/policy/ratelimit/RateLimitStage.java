package io.meshagent.core.policy.ratelimit;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Stage;
import java.util.concurrent.ThreadLocalRandom;

/** Refuses the calls that come faster than a limit, and may say when to come back. */
public final class RateLimitStage implements Stage {

  /** Whether a refusal says when to come back. */
  public enum Pushback {
    /**
     * A server's default: gRPC's Java library retries any status that comes with it, also those
     * that its policy does not list, so a limit would get several times the calls that it refuses.
     */
    NONE,
    /** To other programs: not to all of them the same, or they come together. */
    SPREAD,
    /** To the program itself, outside of all its retries. */
    EXACT
  }

  private final RateLimit limit;
  private final Pushback pushback;

  public RateLimitStage(RateLimit limit, Pushback pushback) {
    this.limit = limit;
    this.pushback = pushback;
  }

  @Override
  public Refusal enter(Call call) {
    TokenBucket bucket = limit.bucket(call);
    if (bucket.tryTake()) {
      return null;
    }
    String description = "mesh-agent: more than " + limit.most() + " (" + limit.name() + ")";
    if (pushback == Pushback.NONE) {
      return Refusal.of("rate-limit", Code.RESOURCE_EXHAUSTED, description);
    }
    long millis = bucket.millisToNext();
    if (pushback == Pushback.SPREAD) {
      millis += ThreadLocalRandom.current().nextLong(millis + 1);
    }
    return Refusal.comeBackAfter("rate-limit", Code.RESOURCE_EXHAUSTED, description, millis);
  }

  /** A token that was taken is spent, however the call ended. */
  @Override
  public void leave(Call call) {}
}
