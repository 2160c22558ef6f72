package io.meshagent.core.registry.etcd;

import io.meshagent.core.api.Instance;
import io.meshagent.core.config.EntryFormat;
import io.meshagent.core.config.EntrySource;
import io.meshagent.core.registry.AffectedInstances;
import io.meshagent.core.registry.BoundedEntries;
import io.meshagent.core.registry.DirectoryLimits;
import io.meshagent.core.registry.ServiceChange;
import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.format.EntryReader;
import io.meshagent.core.registry.format.HostPort;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * All entries under the prefix, by service and key, as the feed has read them, as many as the
 * limits allow. Confined to the feed's loop but for the counts. Reading an entry with a host name
 * blocks for its address; while that is not known, the instance is left out.
 */
public final class EtcdInstances {

  /**
   * Far more than a program says of itself, in characters. To read thousands of such values takes
   * longer than calls wait for the first list, so a list has only so many of them read.
   */
  private static final int LARGE_VALUE = 16 * 1024;

  private static final int MOST_LARGE = 500;

  private final EntryReader reader;
  private final HostAddresses hosts;
  private final DirectoryLimits limits;
  private final SkippedEntries skipped;

  private Predicate<String> isCalled = service -> false;

  /**
   * By service, then by what follows on it in the key, which for ours is the address as the
   * instance has it and takes no memory of its own.
   */
  private BoundedEntries entries;

  /** What has been read of a fresh list; null while none is read. */
  private BoundedEntries fresh;

  /** How many large values of the list have been read. */
  private int large;

  /** Each host:port that was found elsewhere since the list was begun. */
  private final Set<String> movedSince = new HashSet<>();

  /** Etcd's own format. */
  EtcdInstances(String prefix) {
    this(
        new EntryReader(new EntrySource(EntryFormat.ETCD, prefix, null)),
        new HostAddresses(HostPort::resolveAll));
  }

  EtcdInstances(EntryReader reader, HostAddresses hosts) {
    this(reader, hosts, DirectoryLimits.DEFAULT);
  }

  EtcdInstances(EntryReader reader, HostAddresses hosts, DirectoryLimits limits) {
    this.reader = reader;
    this.hosts = hosts;
    this.limits = limits;
    this.skipped = new SkippedEntries(reader.prefix(), reader.format(), limits);
    this.entries = new BoundedEntries(limits, isCalled);
  }

  /** Before the first list: whether this program calls a service, which then is left out last. */
  void called(Predicate<String> services) {
    isCalled = services;
  }

  /** Without a slash at the end. */
  String prefix() {
    return reader.prefix();
  }

  /** How many entries could not be read as an instance. Any thread. */
  long skipped() {
    return skipped.unreadable();
  }

  /** How many entries are left out now because they are too long or too many. Any thread. */
  int leftOut() {
    return skipped.leftOut();
  }

  /** Whether there is no room for some entries, so that they come in when others go. */
  boolean isFull() {
    return entries.leftOut() > 0;
  }

  /** A fresh list follows, which will take the place of all that is known. */
  void beginList() {
    fresh = new BoundedEntries(limits, isCalled);
    large = 0;
    movedSince.clear();
    skipped.beginList();
  }

  /** The list came to nothing: what was known before stays. */
  void dropList() {
    fresh = null;
    skipped.dropList();
  }

  /** A part of the list. */
  void add(List<EtcdEntry> page) {
    for (EtcdEntry entry : page) {
      if (entry.value().length() > LARGE_VALUE && ++large > MOST_LARGE) {
        skipped.tooLong(entry);
      } else {
        // A list is told as a whole.
        read(entry, fresh, (service, hostPort) -> {});
      }
    }
  }

  /** The list was whole. */
  void endList() {
    entries = fresh;
    fresh = null;
    skipped.endList(entries.leftOut(), entries.worst());
    Set<String> named = new HashSet<>();
    for (String service : entries.services()) {
      entries.instances(service).forEach(instance -> named.add(instance.hostPort()));
    }
    hosts.forgetAllBut(named);
    // A name may have been found, or found elsewhere, between two pages.
    movedSince.addAll(hosts.takeMoved());
    entries.replaceAt(movedSince, this::located, (service, hostPort) -> {});
    movedSince.clear();
  }

  /** Takes one change in. */
  void apply(EtcdEntry entry, AffectedInstances affected) {
    read(entry, entries, affected::add);
    relocate(affected);
    skipped.changed(entries.leftOut(), entries.worst());
  }

  private void read(EtcdEntry entry, BoundedEntries into, BiConsumer<String, String> affected) {
    String service = reader.service(entry.key());
    List<Instance> found = Collections.emptyList();
    if (entry.isDeleted()) {
      skipped.deleted(entry);
    } else if (entry.isTooLong()) {
      skipped.tooLong(entry);
    } else {
      found = service == null ? found : reader.instances(service, entry.value(), hosts::of);
      if (found.isEmpty()) {
        skipped.unreadable(entry);
      }
    }
    if (service == null) {
      return;
    }
    String place = place(entry.key(), service, found);
    if (found.isEmpty()) {
      into.remove(service, place, affected);
    } else {
      // What is known already need not be there twice while a list is read.
      List<Instance> before = entries.at(service, place);
      into.put(service, place, found.equals(before) ? before : found, affected);
    }
  }

  private String place(String key, String service, List<Instance> found) {
    String above = reader.prefix() + "/" + service + "/";
    String place = key.startsWith(above) ? key.substring(above.length()) : key;
    boolean isAddress = found.size() == 1 && place.equals(found.get(0).hostPort());
    return isAddress ? found.get(0).hostPort() : place;
  }

  /** All instances by service; those of which the address is not known are left out. */
  Map<String, List<Instance>> all() {
    Map<String, List<Instance>> all = new HashMap<>();
    for (String name : entries.services()) {
      List<Instance> instances = entries.instances(name);
      instances.removeIf(instance -> instance.address().isUnresolved());
      all.put(name, instances);
    }
    return all;
  }

  /** What is now where something was affected. */
  List<ServiceChange> changes(AffectedInstances affected) {
    return affected.changes(entries::counting);
  }

  /** Whose addresses these are. */
  HostAddresses hosts() {
    return hosts;
  }

  /** Asks again for the hosts in doubt. */
  void askAgain(AffectedInstances affected) {
    if (hosts.askAgain()) {
      relocate(affected);
    }
  }

  /** Takes over where hosts are now. */
  void relocate(AffectedInstances affected) {
    Set<String> moved = hosts.takeMoved();
    if (!moved.isEmpty()) {
      if (fresh != null) {
        movedSince.addAll(moved);
      }
      entries.replaceAt(moved, this::located, affected::add);
    }
  }

  private List<Instance> located(List<Instance> found) {
    List<Instance> now = new ArrayList<>(found.size());
    for (Instance each : found) {
      InetSocketAddress known = hosts.known(each.hostPort());
      now.add(
          known == null || known.equals(each.address())
              ? each
              : new Instance(each.host(), each.port(), known, each.metadata()));
    }
    return now;
  }
}
