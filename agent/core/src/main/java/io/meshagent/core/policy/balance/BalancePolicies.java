package io.meshagent.core.policy.balance;

import io.meshagent.core.policy.base.Policy;
import io.meshagent.core.policy.base.StagelessPolicy;

/** What is done by routes, which ask for {@link BalanceKeys#rule}. */
public final class BalancePolicies {

  /** Spreads calls over instances. */
  public static final Policy BALANCE =
      new StagelessPolicy("balance", BalanceKeys.BALANCE, BalanceKeys.HEADER);

  /** Leaves instances out that fail. */
  public static final Policy EJECTION =
      new StagelessPolicy(
          "ejection",
          BalanceKeys.EJECTION,
          BalanceKeys.FAILURES,
          BalanceKeys.SUCCESS_RATE,
          BalanceKeys.MAX_SHARE);

  /** Spares instances that have just come. */
  public static final Policy SLOW_START = new StagelessPolicy("slow-start", BalanceKeys.SLOW_START);

  /** Prefers instances that are near. */
  public static final Policy ZONE_AWARE = new StagelessPolicy("zone-aware", BalanceKeys.ZONE_AWARE);

  /** Uses few of very many instances. */
  public static final Policy SUBSET = new StagelessPolicy("subset", BalanceKeys.SUBSET);

  private BalancePolicies() {}
}
