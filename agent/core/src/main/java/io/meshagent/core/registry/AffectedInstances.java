package io.meshagent.core.registry;

import io.meshagent.core.api.Instance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Where something may have changed, by service and host:port; what is there now is asked for when
 * it is told, once for each however often it changed. Confined to its owner's loop.
 */
public final class AffectedInstances {

  private final Map<String, Set<String>> byService = new HashMap<>();

  /** One more place; named often, it is told once. */
  public void add(String service, String hostPort) {
    byService.computeIfAbsent(service, name -> new LinkedHashSet<>()).add(hostPort);
  }

  public void addAll(AffectedInstances others) {
    others.byService.forEach((service, hostPorts) -> hostPorts.forEach(each -> add(service, each)));
  }

  public boolean isEmpty() {
    return byService.isEmpty();
  }

  public void clear() {
    byService.clear();
  }

  /**
   * What to tell of them.
   *
   * @param now the instance of a service at a host:port, null for none
   */
  public List<ServiceChange> changes(BiFunction<String, String, Instance> now) {
    List<ServiceChange> changes = new ArrayList<>(byService.size());
    byService.forEach(
        (service, hostPorts) -> {
          List<Instance> present = new ArrayList<>(hostPorts.size());
          List<String> gone = new ArrayList<>();
          for (String hostPort : hostPorts) {
            Instance instance = now.apply(service, hostPort);
            if (instance == null) {
              gone.add(hostPort);
            } else {
              present.add(instance);
            }
          }
          changes.add(new ServiceChange(service, present, gone));
        });
    return changes;
  }
}
