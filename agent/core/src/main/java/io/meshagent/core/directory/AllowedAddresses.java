package io.meshagent.core.directory;

import io.meshagent.core.api.Instance;
import io.meshagent.core.config.AddressRanges;
import io.meshagent.core.log.Log;
import io.meshagent.core.registry.ServiceChange;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes out of what any source says the instances that may not be called. Every instance comes by
 * here whenever its source names it, with the address that its name has just then. Confined to the
 * directory's lock but for the count.
 */
final class AllowedAddresses {

  private final AddressRanges allowed;

  /** Each host:port that was taken out, by service; services without any are not in it. */
  private final Map<String, Set<String>> forbidden = new HashMap<>();

  private final AtomicInteger count = new AtomicInteger();

  AllowedAddresses(AddressRanges allowed) {
    this.allowed = allowed;
  }

  /** All that a source names without those. */
  Map<String, List<Instance>> ofAll(Map<String, List<Instance>> services) {
    forbidden.clear();
    count.set(0);
    Map<String, List<Instance>> rest = new HashMap<>(services.size() * 2);
    services.forEach(
        (name, instances) -> {
          List<Instance> usable = new ArrayList<>(instances.size());
          for (Instance each : instances) {
            if (isUsable(name, each)) {
              usable.add(each);
            }
          }
          rest.put(name, usable);
        });
    return rest;
  }

  /** What has changed, as if a source did not name those. */
  List<ServiceChange> of(List<ServiceChange> changes) {
    List<ServiceChange> rest = new ArrayList<>(changes.size());
    changes.forEach(change -> rest.add(of(change)));
    return rest;
  }

  private ServiceChange of(ServiceChange change) {
    String service = change.service();
    change.gone().forEach(hostPort -> allow(service, hostPort));
    List<Instance> present = new ArrayList<>(change.present().size());
    List<String> gone = new ArrayList<>(change.gone());
    for (Instance each : change.present()) {
      if (isUsable(service, each)) {
        present.add(each);
      } else {
        gone.add(each.hostPort());
      }
    }
    return present.size() == change.present().size()
        ? change
        : new ServiceChange(service, present, gone);
  }

  private boolean isUsable(String service, Instance instance) {
    if (isAllowed(instance)) {
      allow(service, instance.hostPort());
      return true;
    }
    if (forbidden.computeIfAbsent(service, name -> new HashSet<>()).add(instance.hostPort())) {
      int unused = count.incrementAndGet();
    }
    warn(service, instance);
    return false;
  }

  private void allow(String service, String hostPort) {
    Set<String> some = forbidden.get(service);
    if (some != null && some.remove(hostPort)) {
      int unused = count.decrementAndGet();
      if (some.isEmpty()) {
        forbidden.remove(service);
      }
    }
  }

  /** One that is not known has no address to judge; nobody can be called there either. */
  private boolean isAllowed(Instance instance) {
    InetAddress address = instance.address().getAddress();
    return address == null || allowed.allows(address);
  }

  private void warn(String service, Instance instance) {
    String where = instance.address().getAddress().getHostAddress();
    String named = where.equals(instance.host()) ? "" : " (" + where + ")";
    Log.warnOnce(
        "forbidden " + service + " " + instance.hostPort() + named,
        "the instance "
            + instance.hostPort()
            + named
            + " of "
            + service
            + " gets no calls, because discover.allow-addresses does not allow its address"
            + (allowed == AddressRanges.USUAL
                ? ": without that setting none that is link-local, multicast or unspecified may be"
                    + " called"
                : ", which is " + allowed));
  }

  /** How many entries of the directory may not be called now. Any thread. */
  int forbidden() {
    return count.get();
  }
}
