package io.meshagent.core.registry.etcd;

import io.meshagent.core.api.Instance;
import io.meshagent.core.registry.Registry.Listener;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes one directory of several parts of etcd. The first list is told when all parts have been
 * listed; if one can't be, the others are told as changes, so that it does not take the rest with
 * it. The feeds call it on their common loop, to which it is confined.
 */
final class SourceMerge {

  private final Listener listener;
  private final List<Source> sources = new ArrayList<>();

  SourceMerge(Listener listener) {
    this.listener = listener;
  }

  /**
   * Where one more part is told. Where an instance is in several, the one of the part that was
   * added first is named last, which wins if neither is the younger.
   */
  Listener source() {
    Source source = new Source();
    sources.add(0, source);
    return source;
  }

  private boolean isComplete() {
    return sources.stream().allMatch(source -> source.listed);
  }

  private Map<String, List<Instance>> merged(Collection<String> services) {
    Map<String, List<Instance>> merged = new HashMap<>();
    for (String service : services) {
      List<Instance> all = new ArrayList<>();
      for (Source source : sources) {
        all.addAll(source.services.getOrDefault(service, Collections.emptyList()));
      }
      merged.put(service, all);
    }
    return merged;
  }

  /** What the listener takes for the end of all trouble is told again while there is some. */
  private void sayTrouble() {
    for (Source source : sources) {
      if (source.trouble != null) {
        listener.unreachable(source.trouble);
        return;
      }
    }
  }

  private final class Source implements Listener {

    private boolean listed;

    /** Null while all is well. */
    private String trouble;

    private Map<String, List<Instance>> services = new HashMap<>();

    @Override
    public void listed(Map<String, List<Instance>> all) {
      Set<String> affected = new HashSet<>(services.keySet());
      affected.addAll(all.keySet());
      services = new HashMap<>(all);
      listed = true;
      trouble = null;
      if (isComplete()) {
        Set<String> names = new HashSet<>();
        sources.forEach(source -> names.addAll(source.services.keySet()));
        listener.listed(merged(names));
        sayTrouble();
      } else if (sources.stream().anyMatch(source -> source.trouble != null)) {
        listener.changed(merged(affected));
        sayTrouble();
      }
    }

    @Override
    public void changed(Map<String, List<Instance>> some) {
      some.forEach(
          (service, instances) -> {
            if (instances.isEmpty()) {
              services.remove(service);
            } else {
              services.put(service, instances);
            }
          });
      trouble = null;
      boolean troubled = sources.stream().anyMatch(source -> source.trouble != null);
      if (isComplete() || troubled) {
        listener.changed(merged(some.keySet()));
        sayTrouble();
      }
    }

    @Override
    public void moved(Map<String, List<Instance>> some) {
      services.putAll(some);
      listener.moved(merged(some.keySet()));
    }

    @Override
    public boolean calls(String service) {
      return listener.calls(service);
    }

    @Override
    public void unreachable(String why) {
      boolean first = trouble == null && !isComplete();
      trouble = why;
      if (first) {
        // What the others have found must not wait for this one.
        Set<String> names = new HashSet<>();
        sources.forEach(source -> names.addAll(source.services.keySet()));
        if (!names.isEmpty()) {
          listener.changed(merged(names));
        }
      }
      sayTrouble();
    }
  }
}
