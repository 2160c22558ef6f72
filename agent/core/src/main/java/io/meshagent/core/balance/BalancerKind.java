package io.meshagent.core.balance;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * The ways to spread calls over the instances of a service, by the names that a rule has, in
 * capitals.
 */
public enum BalancerKind {

  /**
   * Of two drawn at random by weight the one with less load: latency times what is in flight. One
   * that fails more attempts loses to any other. The less loaded one is taken the more surely the
   * greater the difference is, so that two which are nearly alike share the calls, and one that was
   * not heard of for two seconds is taken. Mitzenmacher's power of two choices (2001) with
   * Finagle's peak EWMA: herds don't form, and a slow instance gets less before anybody could say
   * that it is bad.
   */
  P2C(true) {
    @Override
    Chooser chooser(
        String[] identities, double[] weights, InstanceStatistics[] seen, LongSupplier random) {
      if (Weights.areEqual(weights)) {
        return new TwoChoices(
            weights, seen, true, (index, now) -> seen[index].load(1, now), random);
      }
      double[] normalized = Weights.normalized(weights);
      return new TwoChoices(
          weights, seen, true, (index, now) -> seen[index].load(normalized[index], now), random);
    }
  },

  /** Each in turn, as often as it weighs. */
  ROUND_ROBIN(false) {
    @Override
    Chooser chooser(
        String[] identities, double[] weights, InstanceStatistics[] seen, LongSupplier random) {
      StaticStride stride = new StaticStride(weights, random);
      return (now, key) -> stride.pick();
    }
  },

  /** Any, as likely as it weighs. */
  RANDOM(false) {
    @Override
    Chooser chooser(
        String[] identities, double[] weights, InstanceStatistics[] seen, LongSupplier random) {
      AliasTable table = new AliasTable(weights);
      return (now, key) -> table.draw(random.getAsLong());
    }
  },

  /** Of two drawn at random by weight the one with fewer calls under way, as Envoy's. */
  LEAST_REQUEST(true) {
    @Override
    Chooser chooser(
        String[] identities, double[] weights, InstanceStatistics[] seen, LongSupplier random) {
      if (Weights.areEqual(weights)) {
        return new TwoChoices(weights, seen, false, (index, now) -> seen[index].inFlight(), random);
      }
      double[] normalized = Weights.normalized(weights);
      return new TwoChoices(
          weights, seen, false, (index, now) -> seen[index].inFlight() / normalized[index], random);
    }
  },

  /** Calls of one key to one instance, as long as it is there; any for a call without a key. */
  CONSISTENT_HASH(false) {
    @Override
    Chooser chooser(
        String[] identities, double[] weights, InstanceStatistics[] seen, LongSupplier random) {
      HashRing ring = new HashRing(identities, weights);
      AliasTable table = new AliasTable(weights);
      return (now, key) -> key == null ? table.draw(random.getAsLong()) : ring.find(key);
    }
  };

  private final boolean readsStatistics;

  BalancerKind(boolean readsStatistics) {
    this.readsStatistics = readsStatistics;
  }

  /**
   * A chooser among the given instances, in three arrays of one length, at least 1.
   *
   * @param identities what tells an instance from others in all programs: {@code host:port}
   * @param weights 0 and more, 1 for an instance that says nothing of itself
   * @param seen read by each choice; null unless {@link #readsStatistics}
   * @param random 64 bits at a time, for many threads at once
   */
  abstract Chooser chooser(
      String[] identities, double[] weights, InstanceStatistics[] seen, LongSupplier random);

  /** The same by the random numbers of each thread. */
  final Chooser chooser(String[] identities, double[] weights, InstanceStatistics[] seen) {
    return chooser(identities, weights, seen, () -> ThreadLocalRandom.current().nextLong());
  }

  /**
   * The chooser for attempts that follow others of their call. Where it is the turn that counts it
   * is any instance: a retry that took the next one's turn would bring every second call to the one
   * of three that fails.
   */
  Chooser elsewhere(Chooser chooser, double[] weights) {
    if (readsStatistics) {
      return chooser;
    }
    AliasTable table = new AliasTable(weights);
    return (now, key) -> table.draw(ThreadLocalRandom.current().nextLong());
  }

  /** Whether somebody has to count and time the attempts. */
  boolean readsStatistics() {
    return readsStatistics;
  }
}
