package io.meshagent.core.policy;

import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A plan that is kept, what is needed to compile it again, and who uses it while it is unproven.
 * Its lock is this method's own: it is compiled again, proven and let go under it.
 */
final class Kept {

  final CallPlan plan;
  final MethodKind kind;

  /** Changed with the lock held. */
  private volatile PlanRank standing;

  /** Calls that are under way; counted only while nobody has answered. */
  private final AtomicInteger open = new AtomicInteger();

  /** When the last of them began. Volatile: written by any call, read by who looks for room. */
  private volatile long usedNanos;

  /**
   * @param now in terms of the clock of calls
   */
  Kept(CallPlan plan, MethodKind kind, PlanRank standing, long now) {
    this.plan = plan;
    this.kind = kind;
    this.standing = standing;
    this.usedNanos = now;
  }

  PlanRank standing() {
    return standing;
  }

  /** With the lock held. */
  void become(PlanRank next) {
    standing = next;
  }

  void begun(long now) {
    open.incrementAndGet();
    usedNanos = now;
  }

  void ended() {
    open.decrementAndGet();
  }

  /** Whether it was not answered, and nobody has tried for so long. */
  boolean isUnproven(long now, long unusedForNanos) {
    return standing == PlanRank.UNPROVEN && open.get() == 0 && now - usedNanos > unusedForNanos;
  }
}
