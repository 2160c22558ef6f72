package io.meshagent.core.registry;

import io.meshagent.core.api.Instance;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A listener that remembers what a registry has told it. Thread-safe. */
public class RegistryView implements Registry.Listener {

  public final Map<String, List<Instance>> services = new ConcurrentHashMap<>();
  public final List<String> troubles = new CopyOnWriteArrayList<>();
  public final AtomicInteger lists = new AtomicInteger();

  /** How often it was said that the source answers again. */
  public final AtomicInteger answers = new AtomicInteger();

  @Override
  public void listed(Map<String, List<Instance>> all) {
    services.clear();
    services.putAll(all);
    int unused = lists.incrementAndGet();
  }

  @Override
  public void changed(List<ServiceChange> some) {
    WholeServices.apply(services, some);
    if (some.isEmpty()) {
      int unused = answers.incrementAndGet();
    }
  }

  @Override
  public void unreachable(String why) {
    troubles.add(why);
  }

  public List<Instance> of(String service) {
    return services.getOrDefault(service, List.of());
  }
}
