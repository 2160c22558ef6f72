package io.meshagent.core.directory;

import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Instance.Metadata;
import io.meshagent.core.registry.InstanceCodec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
  List<Instance> distinct(List<Instance> instances) {
    if (isDistinct(instances)) {
      return Collections.unmodifiableList(new ArrayList<>(instances));
    }
    Map<String, Instance> byAddress = new TreeMap<>();
    for (Instance instance : instances) {
      byAddress.merge(
          instance.hostPort(),
          instance,
          (a, b) -> InstanceCodec.started(a) > InstanceCodec.started(b) ? a : b);
    }
    return Collections.unmodifiableList(new ArrayList<>(byAddress.values()));
  }

  /** Whether there is nothing to do, as is usual: the list is by key, and keys are addresses. */
  private static boolean isDistinct(List<Instance> instances) {
    for (int i = 1; i < instances.size(); i++) {
      if (instances.get(i - 1).hostPort().compareTo(instances.get(i).hostPort()) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** Those that want calls, or all if none does; a stable subset of them if they are many. */
  List<Instance> select(List<Instance> distinct) {
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
