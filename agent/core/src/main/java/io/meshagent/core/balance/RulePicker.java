package io.meshagent.core.balance;

import io.meshagent.core.api.Agent;
import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Balancer;
import io.meshagent.core.balance.EjectionRecord.Turn;
import java.util.Arrays;

/**
 * Picks by a rule among the instances that were connected when it was made, but for those that were
 * left out then; of these one gets an attempt when it is to be probed. Immutable but for what the
 * chooser counts.
 */
final class RulePicker implements Balancer.Picker {

  /** What is known of the candidates, in arrays of one length. Not changed. */
  static final class Instances {
    private final String[] identities;
    private final double[] weights;

    /** Of nulls where nobody reads them, as the records. */
    private final InstanceStatistics[] statistics;

    private final EjectionRecord[] records;

    Instances(
        String[] identities,
        double[] weights,
        InstanceStatistics[] statistics,
        EjectionRecord[] records) {
      this.identities = identities;
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

  private static final int[] NONE = {};

  /** How often another one is chosen instead of one that was ejected since the picker was made. */
  private static final int MOST_CHOICES = 4;

  private final String header;
  private final boolean readsTime;

  /** Null if none may be left out. */
  private final Ejection ejection;

  /** That there had been when this was made. */
  private final int ejections;

  private final int[] usable;
  private final int[] ejected;
  private final EjectionRecord[] records;
  private final Chooser chooser;
  private final Agent agent;

  private RulePicker(
      BalanceRule rule,
      Instances among,
      Ejection ejection,
      int[] usable,
      int[] ejected,
      Agent agent) {
    this.header = rule.header();
    this.ejection = ejection;
    this.ejections = ejection == null ? 0 : ejection.ejections();
    this.usable = usable;
    this.ejected = ejected;
    this.readsTime = rule.kind().readsStatistics() || ejected.length > 0;
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
    this.chooser = rule.kind().chooser(identities, weights, statistics);
  }

  /**
   * @param ejection null if none may be left out
   * @param ejected which are left out, if others are there
   */
  static RulePicker of(
      BalanceRule rule, Instances among, Ejection ejection, boolean[] ejected, Agent agent) {
    int[] usable = among.indexes(ejected, false);
    int[] left = among.indexes(ejected, true);
    return usable.length == 0
        ? new RulePicker(rule, among, null, left, NONE, agent)
        : new RulePicker(rule, among, ejection, usable, left, agent);
  }

  @Override
  public int pick(Attempt attempt) {
    long now = readsTime ? agent.nanoTime() : 0;
    for (int index : ejected) {
      if (records[index].turn(now) == Turn.PROBE) {
        return index;
      }
    }
    String key = header == null ? null : attempt.header(header);
    int chosen = usable[chooser.choose(now, key)];
    return ejection == null || ejection.ejections() == ejections ? chosen : other(chosen, now, key);
  }

  /**
   * What was chosen may have been left out since this was made. The next picker knows, but may take
   * a while to come on a busy machine.
   */
  private int other(int first, long now, String key) {
    int chosen = first;
    for (int i = 1; i < MOST_CHOICES && records[chosen].isEjected(); i++) {
      chosen = usable[chooser.choose(now, key)];
    }
    return chosen;
  }
}
