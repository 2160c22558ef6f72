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

    private int[] indexes(boolean ejected) {
      int[] indexes = new int[records.length];
      int count = 0;
      for (int i = 0; i < records.length; i++) {
        if ((records[i] != null && records[i].isEjected()) == ejected) {
          indexes[count++] = i;
        }
      }
      return Arrays.copyOf(indexes, count);
    }
  }

  private static final int[] NONE = {};

  private final String header;
  private final boolean readsTime;
  private final int[] usable;
  private final int[] ejected;
  private final EjectionRecord[] records;
  private final Chooser chooser;
  private final Agent agent;

  private RulePicker(BalanceRule rule, Instances among, int[] usable, int[] ejected, Agent agent) {
    this.header = rule.header();
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
   * @param ejects whether those that were ejected are left out, if others are there
   */
  static RulePicker of(BalanceRule rule, Instances among, boolean ejects, Agent agent) {
    int[] ejected = ejects ? among.indexes(true) : NONE;
    if (ejected.length == 0 || ejected.length == among.records.length) {
      int[] all = new int[among.records.length];
      Arrays.setAll(all, i -> i);
      return new RulePicker(rule, among, all, NONE, agent);
    }
    return new RulePicker(rule, among, among.indexes(false), ejected, agent);
  }

  @Override
  public int pick(Attempt attempt) {
    long now = readsTime ? agent.nanoTime() : 0;
    for (int index : ejected) {
      if (records[index].turn(now) == Turn.PROBE) {
        return index;
      }
    }
    return usable[chooser.choose(now, header == null ? null : attempt.header(header))];
  }
}
