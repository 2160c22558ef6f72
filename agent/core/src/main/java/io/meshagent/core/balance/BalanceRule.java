package io.meshagent.core.balance;

import io.meshagent.core.api.Endpoint;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** How the attempts on one service are spread: what the settings say of it. Immutable. */
public final class BalanceRule {

  /** Whether instances that fail are left out. */
  public enum EjectionMode {
    ON,
    /** They are told of, and get their calls. */
    REPORT,
    OFF
  }

  /** Of very many instances a program uses that many. */
  public static final int SUBSET = 25;

  /** Each in turn, none left out. */
  public static final BalanceRule ROUND_ROBIN =
      new BalanceRule(BalancerKind.ROUND_ROBIN, "", EjectionMode.OFF, EjectionSettings.DEFAULT, 0);

  private final BalancerKind kind;
  private final String header;
  private final EjectionMode mode;
  private final EjectionSettings ejection;
  private final SlowStart slowStart;
  private final boolean zoneAware;
  private final int subset;

  /**
   * That prefers the own zone, and takes as many of very many as {@link #SUBSET} says.
   *
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
    this.zoneAware = true;
    this.subset = SUBSET;
  }

  private BalanceRule(BalanceRule like, boolean zoneAware, int subset) {
    this.kind = like.kind;
    this.header = like.header;
    this.mode = like.mode;
    this.ejection = like.ejection;
    this.slowStart = like.slowStart;
    this.zoneAware = zoneAware;
    this.subset = subset;
  }

  /**
   * The same over other instances.
   *
   * @param byZone whether those of the own zone come first
   * @param most how many a program uses where there are very many
   */
  public BalanceRule among(boolean byZone, int most) {
    return new BalanceRule(this, byZone, most);
  }

  /**
   * Whether instances of the own zone come first. Not where a key belongs to one instance: it would
   * belong to another one in each zone.
   */
  public boolean isZoneAware() {
    return zoneAware && header() == null;
  }

  /** How many instances a program uses where there are very many. */
  public int subset() {
    return subset;
  }

  /**
   * The one that a call is hashed to.
   *
   * @param headers the call's, by their names
   * @return null if calls are not hashed, or this one has nothing to hash it by
   */
  Endpoint hashed(List<Endpoint> usable, UnaryOperator<String> headers, long nowNanos) {
    String key = header() == null ? null : headers.apply(header());
    if (key == null || usable.isEmpty()) {
      return null;
    }
    String[] identities = new String[usable.size()];
    double[] weights = new double[usable.size()];
    for (int i = 0; i < weights.length; i++) {
      Endpoint endpoint = usable.get(i);
      identities[i] = endpoint.instance().hostPort();
      weights[i] =
          endpoint.instance().weight() * slowStart.factor(nowNanos - endpoint.sinceNanos());
    }
    return usable.get(kind.chooser(identities, weights, null).choose(nowNanos, key));
  }

  /** How calls are spread, as it is written: {@code p2c}, {@code consistent_hash by x-user}. */
  public String spread() {
    String name = kind.name().toLowerCase(Locale.ROOT);
    return header() == null ? name : name + " by " + header();
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
