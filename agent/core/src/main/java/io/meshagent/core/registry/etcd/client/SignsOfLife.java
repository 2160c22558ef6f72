package io.meshagent.core.registry.etcd.client;

import java.util.concurrent.atomic.AtomicReference;

/**
 * When etcd was last known to be there: an answer says that it was so when it was asked or later.
 * The registration and the mirrors of one etcd share it, so that none of them asks for what another
 * has just been told. Thread-safe; all times are those of {@link System#nanoTime}.
 */
public final class SignsOfLife {

  /** Null before the first. */
  private final AtomicReference<Long> latest = new AtomicReference<>();

  /**
   * Etcd has answered.
   *
   * @param asked when it was asked
   */
  public void answered(long asked) {
    latest.accumulateAndGet(
        asked, (known, fresh) -> known != null && known - fresh > 0 ? known : fresh);
  }

  /**
   * How long ago that was.
   *
   * @return {@link Long#MAX_VALUE} if there was none
   */
  public long ageNanos(long now) {
    Long known = latest.get();
    return known == null ? Long.MAX_VALUE : now - known;
  }
}
