package io.meshagent.core.route;

import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Instance.Metadata;
import io.meshagent.core.registry.format.InstanceCodec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which of a service's instances get calls from this JVM. Immutable.
 *
 * <p>Of very many instances a JVM uses a few, so that a thousand clients of a thousand servers do
 * not open a million connections. Rendezvous hashing makes the choice: it differs from JVM to JVM,
 * and when one instance comes or goes at most one of the chosen changes.
 */
public final class EndpointSelection {

  private static final int MOST = 100;
  private static final int SUBSET = 25;

  private final long jvm;

  /**
   * @param jvm any number that other JVMs do not have
   */
  public EndpointSelection(long jvm) {
    this.jvm = jvm;
  }

  /** Each address once, the instance that started last, sorted by {@code host:port}. */
  public Map<String, Instance> byAddress(List<Instance> instances) {
    Map<String, Instance> byAddress = new TreeMap<>();
    for (Instance instance : instances) {
      byAddress.merge(
          instance.hostPort(),
          instance,
          (a, b) -> InstanceCodec.started(a) > InstanceCodec.started(b) ? a : b);
    }
    return byAddress;
  }

  /** Whether one of them wants calls. */
  public boolean isAnyWilling(Collection<Instance> instances) {
    return instances.stream().anyMatch(EndpointSelection::isWilling);
  }

  /** From 0 to 1, another for each JVM: for what all would else do at the same moment. */
  public double turn() {
    return ((jvm * 0x9e3779b97f4a7c15L) >>> 11) / (double) (1L << 53);
  }

  /**
   * Those that want calls, or all if none does; a stable subset of them if they are many. Chosen
   * among those of each scheme: a channel can use one scheme only, and which one is not known here.
   */
  public List<Instance> select(List<Instance> distinct) {
    String scheme = distinct.isEmpty() ? null : distinct.get(0).scheme();
    for (Instance instance : distinct) {
      if (!Objects.equals(scheme, instance.scheme())) {
        return selectOfEach(distinct);
      }
    }
    return selectOfOne(distinct);
  }

  private List<Instance> selectOfEach(List<Instance> distinct) {
    Map<String, List<Instance>> byScheme = new TreeMap<>();
    for (Instance instance : distinct) {
      String scheme = String.valueOf(instance.scheme());
      byScheme.computeIfAbsent(scheme, unused -> new ArrayList<>()).add(instance);
    }
    List<Instance> selected = new ArrayList<>();
    byScheme.values().forEach(same -> selected.addAll(selectOfOne(same)));
    selected.sort(Comparator.comparing(Instance::hostPort));
    return selected;
  }

  private List<Instance> selectOfOne(List<Instance> distinct) {
    List<Instance> willing = new ArrayList<>(distinct.size());
    for (Instance instance : distinct) {
      if (isWilling(instance)) {
        willing.add(instance);
      }
    }
    List<Instance> usable = willing.isEmpty() ? distinct : willing;
    return usable.size() <= MOST ? usable : subset(usable);
  }

  /** The ranks are computed once each, and only those that are low enough are kept in order. */
  private List<Instance> subset(List<Instance> usable) {
    PriorityQueue<Ranked> lowest =
        new PriorityQueue<>(SUBSET + 1, Comparator.comparingLong((Ranked r) -> r.rank).reversed());
    for (Instance instance : usable) {
      long rank = rank(instance);
      if (lowest.size() < SUBSET || rank < lowest.element().rank) {
        lowest.add(new Ranked(instance, rank));
        if (lowest.size() > SUBSET) {
          lowest.remove();
        }
      }
    }
    return lowest.stream()
        .map(ranked -> ranked.instance)
        .sorted(Comparator.comparing(Instance::hostPort))
        .collect(Collectors.toList());
  }

  private static final class Ranked {
    private final Instance instance;
    private final long rank;

    Ranked(Instance instance, long rank) {
      this.instance = instance;
      this.rank = rank;
    }
  }

  private static boolean isWilling(Instance instance) {
    return !"true".equals(instance.metadata().get(Metadata.DRAINING))
        && !isZero(instance.metadata().get(Metadata.WEIGHT));
  }

  /** What is no number weighs what all weigh that say nothing. */
  private static boolean isZero(String weight) {
    if (weight == null
        || weight.isEmpty()
        || (weight.charAt(0) >= '1' && weight.charAt(0) <= '9')) {
      // As good as all: and reading a number costs more than all else that is done here.
      return false;
    }
    try {
      return Double.parseDouble(weight) <= 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** A hash of this JVM and the address; the finishing steps are those of MurmurHash3. */
  private long rank(Instance instance) {
    long hash = jvm;
    String address = instance.hostPort();
    for (int i = 0; i < address.length(); i++) {
      hash = (hash ^ address.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }
}
