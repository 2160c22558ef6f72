package io.meshagent.core.balance;

/** How the attempts on one service are spread: what the settings say of it. Immutable. */
public final class BalanceRule {

  /** Whether instances that fail are left out. */
  public enum EjectionMode {
    ON,
    /** They are told of, and get their calls. */
    REPORT,
    OFF
  }

  /** Each in turn, none left out. */
  public static final BalanceRule ROUND_ROBIN =
      new BalanceRule(BalancerKind.ROUND_ROBIN, "", EjectionMode.OFF, EjectionSettings.DEFAULT, 0);

  private final BalancerKind kind;
  private final String header;
  private final EjectionMode mode;
  private final EjectionSettings ejection;
  private final SlowStart slowStart;

  /**
   * @param header by whose value calls are hashed; empty for none
   * @param slowStartNanos 0 for none
   */
  public BalanceRule(
      BalancerKind kind,
      String header,
      EjectionMode mode,
      EjectionSettings ejection,
      long slowStartNanos) {
    this.kind = kind;
    this.header = header;
    this.mode = mode;
    this.ejection = ejection;
    this.slowStart = new SlowStart(slowStartNanos);
  }

  BalancerKind kind() {
    return kind;
  }

  /** Null if calls are not hashed by one. */
  String header() {
    return kind != BalancerKind.CONSISTENT_HASH || header.isEmpty() ? null : header;
  }

  EjectionMode mode() {
    return mode;
  }

  EjectionSettings ejection() {
    return ejection;
  }

  SlowStart slowStart() {
    return slowStart;
  }

  boolean readsStatistics() {
    return kind.readsStatistics() || mode != EjectionMode.OFF;
  }
}
