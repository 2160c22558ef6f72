package io.meshagent.core.policy.retry;

import io.meshagent.core.config.Key;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.Policy;
import io.meshagent.core.policy.base.StagelessPolicy;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Has gRPC send a client's calls again, after a failure or while one takes long. Its stage is that
 * of hedges, too: a call has one or the other.
 */
public final class RetryPolicy implements Policy {

  /** What hedges are told; the rest is the retries'. */
  public static final Policy HEDGE =
      new StagelessPolicy("hedge", RetryKeys.HEDGES, RetryKeys.DELAY);

  /** Whether calls of any method may be repeated by these settings. */
  public static boolean isAny(Settings settings) {
    return Repeats.isAny(settings);
  }

  @Override
  public String name() {
    return "retry";
  }

  @Override
  public List<Key<?>> keys() {
    return RetryKeys.RETRY;
  }

  @Override
  public ActivePolicy start(LongSupplier nanoTime) {
    return new Repeats(nanoTime);
  }
}
