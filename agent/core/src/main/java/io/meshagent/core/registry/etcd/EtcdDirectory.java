package io.meshagent.core.registry.etcd;

import io.meshagent.core.api.Instance;
import io.meshagent.core.log.Log;
import io.meshagent.core.registry.InstanceCodec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All entries under the prefix, by service and key, as the feed has read them. Confined to the
 * feed's loop but for {@link #skipped}. Reading an entry with a host name blocks for its address.
 */
final class EtcdDirectory {

  private final String prefix;
  private final AtomicLong skipped = new AtomicLong();

  /** The keys that count in {@link #skipped} already. */
  private final Set<String> skippedKeys = new HashSet<>();

  /**
   * By service, then by what follows on it in the key, which for ours is the address as the
   * instance has it and takes no memory of its own. Services without entries are not in it.
   */
  private Map<String, Map<String, Instance>> services = new HashMap<>();

  /**
   * @param prefix without a slash at the end
   */
  EtcdDirectory(String prefix) {
    this.prefix = prefix;
  }

  /** How many entries could not be read as an instance. */
  long skipped() {
    return skipped.get();
  }

  /** Puts a fresh list in the place of all that was known. */
  void replace(List<EtcdEntry> entries) {
    services = new HashMap<>();
    entries.forEach(this::apply);
  }

  /** Takes one change in, and names the service that it changed; null if it changed none. */
  String apply(EtcdEntry entry) {
    String service = InstanceCodec.service(prefix, entry.key());
    Instance instance = null;
    if (!entry.isDeleted()) {
      instance = service == null ? null : InstanceCodec.instance(entry.value());
      if (instance == null) {
        skip(entry);
      }
    } else {
      skippedKeys.remove(entry.key());
    }
    if (service == null) {
      return null;
    }
    Map<String, Instance> instances = services.computeIfAbsent(service, name -> new TreeMap<>());
    String place = entry.key().substring(prefix.length() + service.length() + 2);
    if (instance != null && place.equals(instance.hostPort())) {
      place = instance.hostPort();
    }
    Instance before = instance == null ? instances.remove(place) : instances.put(place, instance);
    if (instances.isEmpty()) {
      services.remove(service);
    }
    boolean same = before == null ? instance == null : before.equals(instance);
    return same ? null : service;
  }

  private void skip(EtcdEntry entry) {
    if (!skippedKeys.add(entry.key())) {
      return;
    }
    skipped.incrementAndGet();
    Log.warnOnce(
        "skipped " + entry.key(),
        "the etcd entry "
            + entry.key()
            + " is not an instance in a format that is known here; it is left out, and calls go to"
            + " the others");
  }

  Map<String, List<Instance>> all() {
    return only(services.keySet());
  }

  /** The named services with all they have, which may be nothing. */
  Map<String, List<Instance>> only(Collection<String> names) {
    Map<String, List<Instance>> some = new HashMap<>();
    for (String name : names) {
      Map<String, Instance> instances = services.get(name);
      some.put(name, instances == null ? new ArrayList<>() : new ArrayList<>(instances.values()));
    }
    return some;
  }
}
