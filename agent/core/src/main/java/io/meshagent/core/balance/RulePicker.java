package io.meshagent.core.balance;

import io.meshagent.core.api.Agent;
import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Instance;
import io.meshagent.core.balance.EjectionRecord.Turn;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntPredicate;

/**
 * Picks by a rule among the instances that were connected when it was made, but for those that were
 * left out then; of these one gets an attempt when it is to be probed. Immutable but for what the
 * chooser counts.
 */
final class RulePicker implements Balancer.Picker {

  /** What is known of the candidates, in arrays of one length. Not changed. */
  static final class Instances {
    private final Instance[] instances;
    private final String[] identities;
    private final double[] weights;

    /** Of nulls where nobody reads them, as the records. */
    private final InstanceStatistics[] statistics;

    private final EjectionRecord[] records;

    Instances(
        Instance[] instances,
        double[] weights,
        InstanceStatistics[] statistics,
        EjectionRecord[] records) {
      this.instances = instances;
      this.identities = Arrays.stream(instances).map(Instance::hostPort).toArray(String[]::new);
      this.weights = weights;
      this.statistics = statistics;
      this.records = records;
    }

    /** Those that weigh something, or all if none does; the ejected ones whatever they weigh. */
    private int[] indexes(boolean[] ejected, boolean which) {
      boolean none = true;
      for (int i = 0; i < weights.length; i++) {
        none &= ejected[i] || weights[i] == 0;
      }
      int[] indexes = new int[weights.length];
      int count = 0;
      for (int i = 0; i < weights.length; i++) {
        if (ejected[i] == which && (which || none || weights[i] > 0)) {
          indexes[count++] = i;
        }
      }
      return Arrays.copyOf(indexes, count);
    }
  }

  private static final int[] NOBODY = {};

  /** How often another one is chosen instead of one that was ejected since the picker was made. */
  private static final int MOST_CHOICES = 4;

  /** How often the chooser is asked for an instance that an attempt's call has not met. */
  private static final int MOST_DRAWS = 4;

  private final String header;
  private final boolean readsTime;

  /** Null if none may be left out. */
  private final Ejection ejection;

  /** That there had been when this was made. */
  private final int ejections;

  private final int[] usable;
  private final int[] ejected;
  private final Instances among;
  private final EjectionRecord[] records;
  private final Chooser chooser;

  /** For attempts whose call has met an instance. */
  private final Chooser elsewhere;

  private final Agent agent;

  /** What attempts are told where nobody is usable. */
  private final String refusal;

  private RulePicker(
      BalanceRule rule,
      Instances among,
      Ejection ejection,
      int[] usable,
      int[] ejected,
      String refusal,
      Agent agent) {
    this.refusal = refusal;
    this.header = rule.header();
    this.ejection = ejection;
    this.ejections = ejection == null ? 0 : ejection.ejections();
    this.usable = usable;
    this.ejected = ejected;
    this.readsTime = rule.kind().readsStatistics() || ejected.length > 0;
    this.among = among;
    this.records = among.records;
    this.agent = agent;
    String[] identities = new String[usable.length];
    double[] weights = new double[usable.length];
    InstanceStatistics[] statistics = new InstanceStatistics[usable.length];
    for (int i = 0; i < usable.length; i++) {
      identities[i] = among.identities[usable[i]];
      weights[i] = among.weights[usable[i]];
      statistics[i] = among.statistics[usable[i]];
    }
    boolean none = usable.length == 0;
    this.chooser = none ? null : rule.kind().chooser(identities, weights, statistics);
    this.elsewhere = none ? null : rule.kind().elsewhere(chooser, weights);
  }

  /**
   * @param ejection null if none may be left out
   * @param ejected which are left out, if others are there or the rule is by circuits
   * @param refusal what attempts are told in that case
   */
  static RulePicker of(
      BalanceRule rule,
      Instances among,
      Ejection ejection,
      boolean[] ejected,
      String refusal,
      Agent agent) {
    int[] usable = among.indexes(ejected, false);
    int[] left = among.indexes(ejected, true);
    return usable.length == 0 && !rule.ejection().isByCircuits()
        ? new RulePicker(rule, among, null, left, NOBODY, refusal, agent)
        : new RulePicker(rule, among, ejection, usable, left, refusal, agent);
  }

  /** Whether attempts fail, but for probes. */
  boolean refuses() {
    return usable.length == 0;
  }

  @Override
  public List<String> refusals() {
    return refuses() ? Collections.singletonList(refusal) : Collections.emptyList();
  }

  @Override
  public int pick(Attempt attempt) {
    long now = readsTime ? agent.nanoTime() : 0;
    for (int index : ejected) {
      if (records[index].turn(now) == Turn.PROBE) {
        return index;
      }
    }
    if (refuses()) {
      return REFUSED;
    }
    if (attempt.hasTriedAny()) {
      int other = another(attempt, now);
      if (other >= 0) {
        return other;
      }
    }
    String key = header == null ? null : attempt.header(header);
    int chosen = usable(chooser.choose(now, key));
    return ejection == null || ejection.ejections() == ejections ? chosen : other(chosen, now, key);
  }

  /** The candidate; where all are usable there is nothing to look up. */
  private int usable(int chosen) {
    return usable.length == records.length ? chosen : usable[chosen];
  }

  /**
   * What was chosen may have been left out since this was made. The next picker knows, but may take
   * a while to come on a busy machine.
   */
  private int other(int first, long now, String key) {
    int chosen = first;
    for (int i = 1; i < MOST_CHOICES && records[chosen].isEjected(); i++) {
      chosen = usable(chooser.choose(now, key));
    }
    return chosen;
  }

  /**
   * For a retry or a hedge: an instance that the call has not met, by the balancer if it comes upon
   * one soon, else any; NONE if there is none.
   */
  private int another(Attempt attempt, long now) {
    for (int i = 0; i < MOST_DRAWS; i++) {
      int other = usable(elsewhere.choose(now, null));
      if (!attempt.hasTried(among.instances[other])) {
        return other;
      }
    }
    return notTried(attempt, index -> among.weights[index] > 0);
  }

  @Override
  public int any(Attempt attempt, IntPredicate condition) {
    if (refuses() || (header != null && attempt.header(header) != null)) {
      return NONE;
    }
    long now = readsTime ? agent.nanoTime() : 0;
    return notTried(attempt, index -> isWell(index, now) && condition.test(index));
  }

  /** Any that the call has not met and that fulfils a condition; NONE if there is none. */
  private int notTried(Attempt attempt, IntPredicate condition) {
    int from = ThreadLocalRandom.current().nextInt(usable.length);
    for (int i = 0; i < usable.length; i++) {
      int index = usable((from + i) % usable.length);
      if (!attempt.hasTried(among.instances[index]) && condition.test(index)) {
        return index;
      }
    }
    return NONE;
  }

  private boolean isWell(int index, long now) {
    InstanceStatistics seen = among.statistics[index];
    return (ejection == null || !records[index].isEjected())
        && (seen == null || !seen.isFailing(now));
  }
}
