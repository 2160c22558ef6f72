package io.meshagent.core.balance;

import io.meshagent.core.api.Code;
import io.meshagent.core.balance.BalanceRule.EjectionMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Leaves instances of one service out that fail, for a while: after so many failures in a row, or
 * when too few of their attempts succeed; then one attempt decides whether they are back. Envoy's
 * outlier detection is the model, with Finagle's probes. What is known holds for all channels of
 * the JVM. Thread-safe; {@code changed} is called without a lock, on the thread whose attempt has
 * ended.
 *
 * <p>Never more than a share of the instances is left out, and where fewer than half are well all
 * are used (panic, as in Envoy): a service whose instances all fail does not fail by them, and to
 * send everything to the last ones would end those, too.
 */
final class Ejection {

  private final Supplier<BalanceRule> rule;
  private final EjectionNews news;
  private final Runnable changed;
  private final Map<String, EjectionRecord> records = new ConcurrentHashMap<>();

  /** Volatile: set where the endpoints change, read as attempts end. */
  private volatile int instances;

  /** Volatile: raised under the lock, read by each pick. */
  private volatile int ejections;

  /**
   * @param rule in force at the moment
   * @param changed called when an instance is left out or back: pickers have to be made anew
   */
  Ejection(Supplier<BalanceRule> rule, EjectionNews news, Runnable changed) {
    this.rule = rule;
    this.news = news;
    this.changed = changed;
  }

  /** The service has these instances now; what is known of others is forgotten. */
  void instances(Collection<String> identities) {
    instances = identities.size();
    records.keySet().retainAll(identities);
  }

  /** What is known of one instance; kept until the instance is gone. */
  EjectionRecord record(String identity, long nowNanos) {
    return records.computeIfAbsent(identity, unused -> new EjectionRecord(identity, nowNanos));
  }

  /**
   * An attempt on the instance has succeeded.
   *
   * @return whether the instance is back by that
   */
  boolean succeeded(EjectionRecord record, long nowNanos) {
    boolean back = record.succeeded(rule.get().ejection(), nowNanos);
    if (back) {
      news.back(record.identity());
    }
    if (back || (record.isEjected() && record.isDue(nowNanos))) {
      changed.run();
    }
    return back;
  }

  /**
   * An attempt on the instance has failed, by its fault as far as can be told.
   *
   * @param code how, for people
   */
  void failed(EjectionRecord record, Code code, long nowNanos) {
    BalanceRule by = rule.get();
    if (by.mode() == EjectionMode.OFF) {
      return;
    }
    judge(record, record.failed(by.ejection(), code, nowNanos), by, nowNanos);
  }

  /** The instance has begun to answer, well or not, after so long. */
  void answered(EjectionRecord record, long tookNanos, long nowNanos) {
    BalanceRule by = rule.get();
    if (by.ejection().isSlow(tookNanos)) {
      judge(record, record.slow(by.ejection(), nowNanos), by, nowNanos);
    }
  }

  /** The instance has too much to do: it is there, which is all that a circuit asks. */
  void refusedForLoad(EjectionRecord record, long nowNanos) {
    if (rule.get().ejection().isByCircuits()) {
      boolean unused = succeeded(record, nowNanos);
    }
  }

  /** An attempt has ended in a way that says nothing: the probe of a circuit is given again. */
  void toldNothing(EjectionRecord record, long nowNanos) {
    if (record.isEjected() && rule.get().ejection().isByCircuits() && record.release(nowNanos)) {
      changed.run();
    }
  }

  private void judge(EjectionRecord record, String why, BalanceRule by, long nowNanos) {
    if (why == null && by.ejection().isByCircuits() && record.isEjected()) {
      // A probe may have failed: calls that wait have to know when the next one is due.
      changed.run();
    }
    if (why != null && eject(record, why, by, nowNanos)) {
      if (by.ejection().isByCircuits()) {
        news.opened(record.identity(), why);
      } else {
        news.ejected(record.identity(), why, by.mode() == EjectionMode.REPORT);
      }
      changed.run();
    }
  }

  private synchronized boolean eject(
      EjectionRecord record, String why, BalanceRule by, long nowNanos) {
    if (record.isEjected() || ejected() >= by.ejection().most(instances)) {
      return false;
    }
    record.eject(by.ejection(), why, nowNanos);
    ejections = ejections + 1;
    return true;
  }

  /** How often one was left out so far. Cheap: a pick sees by it that its picker is out of date. */
  int ejections() {
    return ejections;
  }

  /** How many are left out now. */
  int ejected() {
    int ejected = 0;
    for (EjectionRecord record : records.values()) {
      ejected += record.isEjected() ? 1 : 0;
    }
    return ejected;
  }

  /** What is known of each that is left out now, in the order of their names. */
  List<EjectionRecord> records() {
    List<EjectionRecord> left = new ArrayList<>();
    for (EjectionRecord record : records.values()) {
      if (record.isEjected()) {
        left.add(record);
      }
    }
    left.sort(Comparator.comparing(EjectionRecord::identity));
    return left;
  }

  /** Whether so few are well that all are used. */
  boolean isPanicking() {
    return !rule.get().ejection().isByCircuits() && 2 * (instances - ejected()) < instances;
  }
}
