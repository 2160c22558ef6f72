package io.meshagent.core.registry;

import io.meshagent.core.api.Instance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A source that says what its services have, and tells a listener of the difference only. */
public final class WholeServices {

  private final Registry.Listener listener;
  private final Map<String, List<Instance>> services = new HashMap<>();

  public WholeServices(Registry.Listener listener) {
    this.listener = listener;
  }

  /** These are all. */
  public void listed(Map<String, List<Instance>> all) {
    services.clear();
    services.putAll(all);
    listener.listed(all);
  }

  /** These services have these instances, and all others are as they were. */
  public void changed(Map<String, List<Instance>> some) {
    List<ServiceChange> changes = new ArrayList<>();
    some.forEach(
        (service, now) -> {
          List<Instance> before = services.getOrDefault(service, List.of());
          ServiceChange change = ServiceChange.between(service, before, now);
          if (change != null) {
            changes.add(change);
          }
        });
    services.putAll(some);
    listener.changed(changes);
  }

  /** The other way round: what a listener has after it was told, sorted by host:port. */
  public static void apply(Map<String, List<Instance>> services, List<ServiceChange> changes) {
    for (ServiceChange change : changes) {
      Map<String, Instance> now =
          ServiceChange.byHostPort(services.getOrDefault(change.service(), List.of()));
      change.gone().forEach(now::remove);
      change.present().forEach(each -> now.put(each.hostPort(), each));
      List<Instance> sorted = new ArrayList<>(now.values());
      sorted.sort(Comparator.comparing(Instance::hostPort));
      services.put(change.service(), sorted);
    }
  }

  /** The services of which something has changed. */
  public static List<String> names(List<ServiceChange> changes) {
    return changes.stream().map(ServiceChange::service).sorted().toList();
  }
}
