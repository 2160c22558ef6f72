package io.meshagent.core.call;

import io.meshagent.core.api.Agent;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Rights;
import io.meshagent.core.api.Survived;

/**
 * What the adapter tells the {@linkplain AttemptMeter meter} of a call, if there is one. Whatever
 * goes wrong stays here. Stateless.
 */
public final class Attempts {

  private Attempts() {}

  /** Whether each attempt of a call with these stages is to be told. */
  public static boolean areMeasured(Pipeline pipeline) {
    AttemptMeter meter = pipeline.meter();
    return meter != null && meter.measuresEach();
  }

  /** In terms of {@link #ended}. */
  public static long now(Call of) {
    return of.agent.nanoTime();
  }

  /** See {@link AttemptMeter#began}. Of calls whose attempts are measured, as the next. */
  public static void began(Call of) {
    tell(of, of.pipeline.meter()::began);
  }

  /**
   * See {@link AttemptMeter#ended}.
   *
   * @param sinceNanos when it began, by {@link #now}
   */
  public static void ended(Call of, Code code, long sinceNanos, long sent, long received) {
    long nanos = Math.max(0, now(of) - sinceNanos);
    AttemptMeter meter = of.pipeline.meter();
    tell(of, () -> meter.ended(code, nanos, sent, received));
  }

  /** See {@link AttemptMeter#repeated}. */
  public static void repeated(Call of, int retries, int transparent, int hedges) {
    AttemptMeter meter = of.pipeline.meter();
    if (meter != null) {
      tell(of, () -> meter.repeated(retries, transparent, hedges));
    }
  }

  /**
   * A call is over that came to a server. As {@link AttemptMeter#ended}, where somebody measures.
   *
   * @param by what the calls of its method follow
   */
  public static void served(CallPlan by, Agent agent, Code code, long sent, long received) {
    AttemptMeter meter = by.pipeline().meter();
    if (meter != null) {
      tell(agent, () -> meter.ended(code, 0, sent, received));
    }
  }

  private static void tell(Call of, Runnable what) {
    tell(of.agent, what);
  }

  private static void tell(Agent agent, Runnable what) {
    try {
      if (Rights.isAsked()) {
        boolean unused =
            Rights.ours(
                () -> {
                  what.run();
                  return true;
                });
      } else {
        what.run();
      }
    } catch (Throwable e) {
      Survived.tell(agent, "measuring attempts", e);
    }
  }
}
