package io.meshagent.core.balance;

import io.meshagent.core.api.Agent;
import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Statistics;
import io.meshagent.core.api.Zones;
import io.meshagent.core.balance.BalanceRule.EjectionMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/**
 * Spreads the attempts on one service for all channels of this JVM, by a rule that may change while
 * calls flow. Pickers are made anew when an instance is left out or back, when the rule changes,
 * and every second while an instance is in its slow start. Thread-safe.
 */
public final class ServiceBalancer implements Balancer {

  private static final long SLOW_START_STEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** While probes are due, and one that was given away may never be heard of again. */
  private static final long PROBE_STEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String service;
  private final SharedStatistics shared;
  private final Agent agent;
  private final Ejection ejection;
  private final Reach reach;
  private final Map<String, SeenAttempts> seen = new ConcurrentHashMap<>();

  /** What pickers stand on in each channel; those of earlier pickers go by themselves. */
  private final Set<Candidates> standing =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private final AtomicBoolean stepPlanned = new AtomicBoolean();
  private final AtomicBoolean probePlanned = new AtomicBoolean();

  /** Volatile: replaced by whoever brings other settings, read by whoever makes a picker. */
  private volatile BalanceRule rule;

  /** Volatile: set where the endpoints change. The last that are known. */
  private volatile Endpoints known = Endpoints.UNKNOWN;

  /** Volatile: set by whoever makes a picker, read for people. */
  private volatile Map<String, Double> byZone = Collections.emptyMap();

  /**
   * For one service.
   *
   * @param service its name, for people
   * @param shared what is known of instances, whatever they host
   */
  public ServiceBalancer(String service, BalanceRule rule, SharedStatistics shared, Agent agent) {
    this.service = service;
    this.rule = rule;
    this.shared = shared;
    this.agent = agent;
    this.ejection =
        new Ejection(() -> this.rule, new EjectionNews(service, agent), this::publishAgain);
    this.reach = new Reach(agent, this::publishAgain);
  }

  /** The rule in force. */
  public BalanceRule rule() {
    return rule;
  }

  /** Whether instances of other zones are needed, whatever the directory says of the own one. */
  public boolean isWide() {
    return reach.isWide();
  }

  /**
   * They are needed from now on, for a while at least.
   *
   * @return whether that is news
   */
  public boolean widen() {
    return reach.widen();
  }

  /** Another rule is in force from now on. */
  public void become(BalanceRule next) {
    rule = next;
    count(known);
    publishAgain();
  }

  private void publishAgain() {
    standing().forEach(Candidates::publishAgain);
  }

  private List<Candidates> standing() {
    synchronized (standing) {
      return new ArrayList<>(standing);
    }
  }

  /** The service has these endpoints now. Called for each change, perhaps by several channels. */
  @SuppressWarnings("ReferenceEquality") // Each change makes another object.
  public void knows(Endpoints now) {
    if (now != known) {
      known = now;
      count(now);
    }
  }

  /** The ejection has to know how many there are; what is known of others can go. */
  private void count(Endpoints now) {
    if (rule.readsStatistics()) {
      Set<String> identities = new HashSet<>();
      for (Instance instance : now.instances()) {
        identities.add(instance.hostPort());
      }
      seen.keySet().retainAll(identities);
      ejection.instances(identities);
    }
  }

  /** Hears of the attempts on an instance. */
  public Statistics statistics(Instance instance) {
    InstanceStatistics of = shared.of(instance);
    return seen.compute(
        instance.hostPort(),
        (place, known) ->
            known != null && known.instance() == of
                ? known
                : new SeenAttempts(of, ejection.record(place, agent.nanoTime()), ejection));
  }

  @Override
  public boolean readsStatistics() {
    return rule.readsStatistics();
  }

  @Override
  public boolean readsAttempts() {
    return rule.header() != null;
  }

  @Override
  public Picker picker(Candidates candidates) {
    stand(candidates);
    return picker(candidates, ejection.isPanicking());
  }

  /**
   * A picker over a part of what a channel is connected to, which is to {@link #stand}. Where fewer
   * than half of the part are well all of it is used, whatever others of the service are like.
   */
  public Picker pickerOfPart(Candidates part) {
    int ejected = 0;
    for (int i = 0; i < part.size(); i++) {
      SeenAttempts attempts = (SeenAttempts) part.statistics(i);
      ejected += attempts != null && attempts.record().isEjected() ? 1 : 0;
    }
    boolean panicking = 2 * (part.size() - ejected) < part.size();
    return picker(part, panicking && !rule.ejection().isByCircuits());
  }

  /** A channel's pickers stand on these: it is told when they have to be made anew. */
  public void stand(Candidates candidates) {
    standing.add(candidates);
  }

  private Picker picker(Candidates candidates, boolean panicking) {
    BalanceRule set = rule;
    // If the rule has just changed nobody counts yet; a picker for the new one is asked for soon.
    boolean counts = !set.readsStatistics() || candidates.statistics(0) != null;
    BalanceRule by = counts ? set : BalanceRule.ROUND_ROBIN;
    int size = candidates.size();
    Instance[] instances = new Instance[size];
    double[] weights = new double[size];
    InstanceStatistics[] statistics = new InstanceStatistics[size];
    EjectionRecord[] records = new EjectionRecord[size];
    long now = agent.nanoTime();
    boolean young = false;
    for (int i = 0; i < size; i++) {
      Endpoint endpoint = candidates.endpoint(i);
      long age = now - endpoint.sinceNanos();
      instances[i] = endpoint.instance();
      weights[i] = endpoint.instance().weight() * by.slowStart().factor(age);
      young |= !by.slowStart().isOver(age);
      SeenAttempts attempts = (SeenAttempts) candidates.statistics(i);
      statistics[i] = attempts == null ? null : attempts.instance();
      records[i] = attempts == null ? null : attempts.record();
    }
    if (young) {
      planStep();
    }
    boolean ejects = by.mode() == EjectionMode.ON && by.readsStatistics() && !panicking;
    boolean[] ejected = new boolean[size];
    for (int i = 0; i < size; i++) {
      ejected[i] = ejects && records[i] != null && records[i].isEjected();
    }
    weighByZone(candidates, ejected, weights);
    RulePicker made =
        RulePicker.of(
            by,
            new RulePicker.Instances(instances, weights, statistics, records),
            ejects ? ejection : null,
            ejected,
            refusal(),
            agent);
    if (made.refuses()) {
      planProbe(records, now);
    }
    return made;
  }

  /** What calls are told where the circuits of all instances are open. */
  public String refusal() {
    return "all circuits open for " + service + " (client.breaker.scope=instance)";
  }

  /** A call that waits for ready is picked for anew only when there is another picker. */
  private void planProbe(EjectionRecord[] records, long nowNanos) {
    long soonest = Long.MAX_VALUE;
    for (EjectionRecord record : records) {
      soonest = Math.min(soonest, record.untilNanos() - nowNanos);
    }
    if (probePlanned.compareAndSet(false, true)) {
      Runnable unused =
          agent.after(
              soonest > 0 ? soonest : PROBE_STEP_NANOS,
              () -> {
                probePlanned.set(false);
                publishAgain();
              });
    }
  }

  private void weighByZone(Candidates candidates, boolean[] ejected, double[] weights) {
    Zones zones = candidates.used().zones();
    if (zones == null) {
      byZone = Collections.emptyMap();
      return;
    }
    ZoneShares shares = new ZoneShares(zones, candidates, ejected);
    byZone = shares.targets();
    if (shares.needOthers()) {
      boolean unused = reach.widen();
    }
    shares.apply(candidates, ejected, weights);
  }

  /** The instances that are left out, or would be: one row each, for people. */
  public List<Map<String, Object>> leftOut() {
    List<Map<String, Object>> rows = new ArrayList<>();
    if (rule.mode() == EjectionMode.OFF) {
      return rows;
    }
    for (EjectionRecord record : ejection.records()) {
      Map<String, Object> facts = record.facts(agent.nanoTime());
      if (facts != null) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("service", service);
        row.put("instance", record.identity());
        row.put("gets calls", calls());
        row.putAll(facts);
        rows.add(row);
      }
    }
    return rows;
  }

  /** What is seen of each instance that a channel is connected to, by host:port, for people. */
  public Map<String, Object> seen() {
    Map<String, Object> rows = new TreeMap<>();
    seen.forEach((place, attempts) -> rows.put(place, attempts.instance().facts()));
    return rows;
  }

  /** The same of one of them; empty if nothing is. */
  public Map<String, Object> seen(String hostPort) {
    SeenAttempts attempts = seen.get(hostPort);
    return attempts == null ? Collections.emptyMap() : attempts.instance().facts();
  }

  /** By host:port whether a channel is connected there, or the last tries of all have failed. */
  public Map<String, Boolean> reached() {
    Map<String, Boolean> reached = new TreeMap<>();
    for (Candidates each : standing()) {
      each.unreachable()
          .forEach(endpoint -> reached.putIfAbsent(endpoint.instance().hostPort(), false));
      for (int i = 0; i < each.size(); i++) {
        reached.put(each.endpoint(i).instance().hostPort(), true);
      }
    }
    return reached;
  }

  /** See {@link BalanceRule#hashed}. */
  public Endpoint hashed(List<Endpoint> usable, UnaryOperator<String> headers) {
    return rule.hashed(usable, headers, agent.nanoTime());
  }

  private String calls() {
    if (rule.mode() == EjectionMode.REPORT) {
      return "its share (client.ejection=report)";
    }
    return ejection.isPanicking() ? "its share, since fewer than half are well" : "none";
  }

  /** The share of calls of each zone, for people; empty where zones make no difference. */
  public Map<String, Double> byZone() {
    return byZone;
  }

  private void planStep() {
    if (stepPlanned.compareAndSet(false, true)) {
      Runnable unused =
          agent.after(
              SLOW_START_STEP_NANOS,
              () -> {
                stepPlanned.set(false);
                publishAgain();
              });
    }
  }
}
