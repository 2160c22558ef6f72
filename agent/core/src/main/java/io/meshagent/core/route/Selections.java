package io.meshagent.core.route;

import io.meshagent.core.balance.BalanceRule;
import io.meshagent.core.config.InstanceLabels;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The selections of this JVM: one for each scheme, for what targets stand for, and for each way in
 * which the settings of services choose, so that there are few. Thread-safe.
 */
final class Selections {

  private final long jvm;

  /** Empty if this program does not say its zone. */
  private final String zone;

  private final Map<List<Object>, Selection> known = new ConcurrentHashMap<>();

  /** Volatile: replaced when the directory tells of other callers, read as selections are made. */
  private volatile Map<String, Integer> callers = Collections.emptyMap();

  /**
   * @param jvm any number that other JVMs do not have
   * @param zone empty if this program does not say it
   */
  Selections(long jvm, String zone) {
    this.jvm = jvm;
    this.zone = zone;
  }

  /** So many programs like this one call from each zone; what was known before counts no more. */
  void callers(Map<String, Integer> byZone) {
    callers = byZone;
    known.clear();
  }

  /**
   * What channels use.
   *
   * @param scheme null where it is not known
   * @param mapped what their target stands for; null for nothing
   * @param wide whether instances of other zones are needed anyway
   */
  Selection of(String scheme, InstanceLabels mapped, BalanceRule rule, boolean wide) {
    boolean near = rule.isZoneAware() && !zone.isEmpty();
    boolean all = near && wide;
    return known.computeIfAbsent(
        Arrays.asList(scheme, mapped, near, all, rule.subset()),
        unused ->
            new Selection(
                scheme,
                mapped,
                near ? new NearFirst(zone, callers) : null,
                wide,
                new Subset(jvm, rule.subset())));
  }

  /** Those for channels of one kind; the parameters as above. */
  ChannelSelections ofChannels(String scheme, InstanceLabels mapped) {
    return new ChannelSelections(this, scheme, mapped);
  }
}
