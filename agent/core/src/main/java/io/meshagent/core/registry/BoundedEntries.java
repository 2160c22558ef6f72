package io.meshagent.core.registry;

import io.meshagent.core.api.Instance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The instances of a directory, by service and by the place of their entry, and never more of them
 * than the limits say. Confined to its owner's loop.
 *
 * <p>What has to be left out is not left to chance, for lists that differ from each other would
 * have instances come and go: in a service the large entries go before the small ones, and of those
 * alike the last by name; among services the one that takes most room, but those that this program
 * calls last of all. So whoever writes a flood of entries displaces nobody's but his own service's,
 * as long as others take less room than it does. What was once left out of a service marks the end:
 * nothing that would have gone before it is taken until everything is read afresh.
 */
public final class BoundedEntries {

  private final DirectoryLimits limits;
  private final Predicate<String> isCalled;
  private final Map<String, ServiceEntries> services = new HashMap<>();

  /** Those that hold anything; the one that has to give room is the last. */
  private final TreeSet<ServiceEntries> bySize =
      new TreeSet<>(
          Comparator.comparing((ServiceEntries each) -> !each.isCalled())
              .thenComparing(ServiceEntries::bytes)
              .thenComparing(ServiceEntries::name));

  private int instances;
  private long bytes;
  private int leftOut;

  /** Of which service most entries were left out; null as long as none was. */
  private ServiceEntries worst;

  /**
   * @param isCalled whether this program calls a service
   */
  public BoundedEntries(DirectoryLimits limits, Predicate<String> isCalled) {
    this.limits = limits;
    this.isCalled = isCalled;
  }

  /**
   * Takes in what an entry says now.
   *
   * @param found at least one
   * @param affected told of each service and host:port that this changed
   */
  public void put(
      String service, String place, List<Instance> found, BiConsumer<String, String> affected) {
    ServiceEntries entries =
        services.computeIfAbsent(service, name -> new ServiceEntries(name, isCalled.test(name)));
    List<Instance> before = entries.at(place);
    if (found.equals(before)) {
      return;
    }
    if (before != null) {
      remove(entries, place);
      tell(service, before, affected);
    }
    if (!entries.hasRoomFor(place, found)) {
      forgetIfEmpty(entries);
      countLeftOut(entries);
      return;
    }
    bySize.remove(entries);
    count(found.size(), entries.add(place, found));
    bySize.add(entries);
    tell(service, found, affected);
    while (entries.instances() > limits.ofService()) {
      leaveOut(entries, affected);
    }
    while (instances > limits.inAll() || bytes > limits.bytes()) {
      leaveOut(bySize.last(), affected);
    }
  }

  private static void tell(
      String service, List<Instance> some, BiConsumer<String, String> affected) {
    some.forEach(each -> affected.accept(service, each.hostPort()));
  }

  private void count(int moreInstances, long moreBytes) {
    instances += moreInstances;
    bytes += moreBytes;
  }

  private void leaveOut(ServiceEntries entries, BiConsumer<String, String> affected) {
    String place = entries.leaveOutLast();
    List<Instance> found = entries.at(place);
    remove(entries, place);
    forgetIfEmpty(entries);
    countLeftOut(entries);
    tell(entries.name(), found, affected);
  }

  private void countLeftOut(ServiceEntries entries) {
    leftOut++;
    entries.countLeftOut();
    if (worst == null || entries.leftOut() > worst.leftOut()) {
      worst = entries;
    }
  }

  private void remove(ServiceEntries entries, String place) {
    bySize.remove(entries);
    count(-entries.at(place).size(), -entries.remove(place));
    if (entries.instances() > 0) {
      bySize.add(entries);
    }
  }

  /** Names can be made up: nothing is remembered of a service that has nothing. */
  private void forgetIfEmpty(ServiceEntries entries) {
    if (entries.instances() == 0) {
      services.remove(entries.name());
    }
  }

  /** The entry is gone, or says nothing that can be used. */
  public void remove(String service, String place, BiConsumer<String, String> affected) {
    List<Instance> before = at(service, place);
    if (before != null) {
      ServiceEntries entries = services.get(service);
      remove(entries, place);
      forgetIfEmpty(entries);
      tell(service, before, affected);
    }
  }

  /** Null if there is nothing. */
  public List<Instance> at(String service, String place) {
    ServiceEntries entries = services.get(service);
    return entries == null ? null : entries.at(place);
  }

  /**
   * The instance of a service at a host:port that counts, of all whose entries name it; null if
   * there is none with an address.
   */
  public Instance counting(String service, String hostPort) {
    ServiceEntries entries = services.get(service);
    return entries == null ? null : entries.counting(hostPort);
  }

  /**
   * Puts others in the place of the instances at some hosts and ports, as large as these.
   *
   * @param change what to put in the place of what an entry says
   */
  public void replaceAt(
      Collection<String> hostPorts,
      UnaryOperator<List<Instance>> change,
      BiConsumer<String, String> affected) {
    for (ServiceEntries entries : services.values()) {
      for (String hostPort : hostPorts) {
        if (entries.replaceAt(hostPort, change)) {
          affected.accept(entries.name(), hostPort);
        }
      }
    }
  }

  /** Those of which any entry is held. */
  public Set<String> services() {
    Set<String> names = new TreeSet<>();
    bySize.forEach(each -> names.add(each.name()));
    return names;
  }

  /** By the names of their places. */
  public List<Instance> instances(String service) {
    ServiceEntries entries = services.get(service);
    List<Instance> all = new ArrayList<>();
    if (entries != null) {
      entries.all().forEach(all::addAll);
    }
    return all;
  }

  /** How many instances are held. */
  public int instances() {
    return instances;
  }

  /** About how much memory they take. */
  public long bytes() {
    return bytes;
  }

  /** How many entries were left out; one that was written again counts again. */
  public int leftOut() {
    return leftOut;
  }

  /** The service of which most were left out; null as long as none was. */
  public String worst() {
    return worst == null ? null : worst.name();
  }
}
