package io.meshagent.core.registry.etcd;

import io.meshagent.core.api.Instance;
import io.meshagent.core.config.EntryFormat;
import io.meshagent.core.config.EntrySource;
import io.meshagent.core.log.Log;
import io.meshagent.core.registry.EntryReader;
import io.meshagent.core.registry.HostPort;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All entries under the prefix, by service and key, as the feed has read them. Confined to the
 * feed's loop but for {@link #skipped}. Reading an entry with a host name blocks for its address;
 * while that is not known, the instance is left out.
 */
final class EtcdDirectory {

  /** Bounds for what anybody can write into etcd: keys remembered, and lines said of them. */
  private static final int MOST_SKIPPED = 10_000;

  private static final int MOST_LINES = 10;

  private final EntryReader reader;
  private final HostAddresses hosts;
  private final AtomicLong skipped = new AtomicLong();

  /** The keys that count in {@link #skipped} already. */
  private final Set<String> skippedKeys = new HashSet<>();

  private int lines;

  /**
   * By service, then by what follows on it in the key, which for ours is the address as the
   * instance has it and takes no memory of its own. Services without entries are not in it.
   */
  private Map<String, Map<String, List<Instance>>> services = new HashMap<>();

  /** Etcd's own format. */
  EtcdDirectory(String prefix) {
    this(
        new EntryReader(new EntrySource(EntryFormat.ETCD, prefix, null)),
        new HostAddresses(HostPort::resolveAll));
  }

  EtcdDirectory(EntryReader reader, HostAddresses hosts) {
    this.reader = reader;
    this.hosts = hosts;
  }

  /** Without a slash at the end. */
  String prefix() {
    return reader.prefix();
  }

  /** How many entries could not be read as an instance. */
  long skipped() {
    return skipped.get();
  }

  /** Puts a fresh list in the place of all that was known. */
  void replace(List<EtcdEntry> entries) {
    services = new HashMap<>();
    Set<String> keys = new HashSet<>();
    if (!skippedKeys.isEmpty()) {
      entries.forEach(entry -> keys.add(entry.key()));
      skippedKeys.retainAll(keys);
    }
    entries.forEach(this::apply);
    Set<String> named = new HashSet<>();
    services.values().forEach(each -> each.values().forEach(found -> addHostPorts(found, named)));
    hosts.forgetAllBut(named);
  }

  private static void addHostPorts(List<Instance> found, Set<String> to) {
    found.forEach(instance -> to.add(instance.hostPort()));
  }

  /** Takes one change in, and names the service that it changed; null if it changed none. */
  String apply(EtcdEntry entry) {
    String service = reader.service(entry.key());
    List<Instance> found = Collections.emptyList();
    if (!entry.isDeleted()) {
      found = service == null ? found : reader.instances(service, entry.value(), hosts::of);
      if (found.isEmpty()) {
        skip(entry);
      }
    } else {
      skippedKeys.remove(entry.key());
    }
    if (service == null) {
      return null;
    }
    Map<String, List<Instance>> byPlace =
        services.computeIfAbsent(service, name -> new TreeMap<>());
    String place = place(entry.key(), service, found);
    List<Instance> before = found.isEmpty() ? byPlace.remove(place) : byPlace.put(place, found);
    if (byPlace.isEmpty()) {
      services.remove(service);
    }
    return found.equals(before == null ? Collections.emptyList() : before) ? null : service;
  }

  private String place(String key, String service, List<Instance> found) {
    String above = reader.prefix() + "/" + service + "/";
    String place = key.startsWith(above) ? key.substring(above.length()) : key;
    boolean isAddress = found.size() == 1 && place.equals(found.get(0).hostPort());
    return isAddress ? found.get(0).hostPort() : place;
  }

  private void skip(EtcdEntry entry) {
    if (skippedKeys.size() >= MOST_SKIPPED || !skippedKeys.add(entry.key())) {
      return;
    }
    skipped.incrementAndGet();
    if (lines < MOST_LINES) {
      lines++;
      Log.warnOnce(
          "skipped " + entry.key(),
          "the etcd entry "
              + entry.key()
              + " is not an instance in the format "
              + reader.format()
              + "; it is left out, and calls go to the others"
              + (lines < MOST_LINES ? "" : " (more such entries are only counted)"));
    }
  }

  Map<String, List<Instance>> all() {
    return only(services.keySet());
  }

  /** The named services with all they have, which may be nothing. */
  Map<String, List<Instance>> only(Collection<String> names) {
    Map<String, List<Instance>> some = new HashMap<>();
    for (String name : names) {
      List<Instance> instances = new ArrayList<>();
      for (List<Instance> found : services.getOrDefault(name, Collections.emptyMap()).values()) {
        for (Instance instance : found) {
          if (!instance.address().isUnresolved()) {
            instances.add(instance);
          }
        }
      }
      some.put(name, instances);
    }
    return some;
  }

  /** Whose addresses these are. */
  HostAddresses hosts() {
    return hosts;
  }

  /** Asks again for the hosts in doubt, and names the services that this changed. */
  Set<String> askAgain() {
    return hosts.askAgain() ? relocated() : Collections.emptySet();
  }

  /** Takes over where hosts are now, and names the services that this changed. */
  Set<String> relocated() {
    Set<String> changed = new HashSet<>();
    services.forEach(
        (service, byPlace) ->
            byPlace.replaceAll(
                (place, found) -> {
                  List<Instance> now = located(found);
                  if (!now.equals(found)) {
                    changed.add(service);
                  }
                  return now;
                }));
    return changed;
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
