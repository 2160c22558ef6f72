package io.meshagent.core.directory;

import io.meshagent.core.api.Instance;
import io.meshagent.core.config.AddressRanges;
import io.meshagent.core.log.Log;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes out of what any source says the instances that may not be called. Every instance comes by
 * here whenever its source names it, with the address that its name has just then. Confined to the
 * directory's lock but for the count.
 */
final class AllowedAddresses {

  private final AddressRanges allowed;

  /** How many were taken out of each service; services without any are not in it. */
  private final Map<String, Integer> forbidden = new HashMap<>();

  /** Volatile: written under the lock, read by views. */
  private volatile int count;

  AllowedAddresses(AddressRanges allowed) {
    this.allowed = allowed;
  }

  /**
   * The same without those.
   *
   * @param whole whether it names no other service
   */
  Map<String, List<Instance>> of(Map<String, List<Instance>> services, boolean whole) {
    if (whole) {
      forbidden.clear();
    }
    Map<String, List<Instance>> rest = new HashMap<>(services.size() * 2);
    services.forEach((name, instances) -> rest.put(name, of(name, instances)));
    count = forbidden.values().stream().mapToInt(Integer::intValue).sum();
    return rest;
  }

  private List<Instance> of(String service, List<Instance> instances) {
    List<Instance> rest = new ArrayList<>(instances.size());
    for (Instance instance : instances) {
      if (isAllowed(instance)) {
        rest.add(instance);
      } else {
        warn(service, instance);
      }
    }
    if (rest.size() == instances.size()) {
      forbidden.remove(service);
    } else {
      forbidden.put(service, instances.size() - rest.size());
    }
    return rest;
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
    return count;
  }
}
