package io.meshagent.core.policy.cache;

import io.meshagent.core.config.Governance;
import io.meshagent.core.config.Keys;
import io.meshagent.core.config.Settings;

/**
 * A store for as long as governance stays: what was kept while calls were only observed is given to
 * nobody, for it was not looked at as closely. Thread-safe; the stages of before keep to theirs.
 */
public final class GovernedStore {

  /** Guarded by this. What the store was made under; null before the first. */
  private Governance under;

  /** Volatile: replaced with the lock held, read by pages. */
  private volatile ResponseStore now;

  /** An empty one. */
  public GovernedStore(long mostBytes) {
    now = new ResponseStore(mostBytes);
  }

  /** The store by these settings, with this bound: another one if governance has changed. */
  public synchronized ResponseStore of(Settings settings, long mostBytes) {
    Governance next = settings.get(Keys.GOVERNANCE);
    if (under == next) {
      now.bound(mostBytes);
    } else {
      under = next;
      now = new ResponseStore(mostBytes);
    }
    return now;
  }

  /** Nothing of it is needed any more. */
  synchronized void empty(long mostBytes) {
    under = null;
    now = new ResponseStore(mostBytes);
  }

  /** The one of this moment. */
  ResponseStore now() {
    return now;
  }
}
