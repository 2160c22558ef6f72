package io.meshagent.core.registry.etcd;

import io.meshagent.core.api.Instance;
import io.meshagent.core.registry.AffectedInstances;
import io.meshagent.core.registry.Registry.Listener;
import io.meshagent.core.registry.ServiceChange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  private boolean isTroubled() {
    return sources.stream().anyMatch(source -> source.trouble != null);
  }

  private Map<String, List<Instance>> all() {
    Map<String, List<Instance>> all = new HashMap<>();
    for (Source source : sources) {
      source.services.forEach(
          (service, instances) ->
              all.computeIfAbsent(service, name -> new ArrayList<>()).addAll(instances.values()));
    }
    return all;
  }

  private void tellChanged(AffectedInstances affected) {
    listener.changed(affected.changes(this::counting));
    sayTrouble();
  }

  private Instance counting(String service, String hostPort) {
    Instance counting = null;
    for (Source source : sources) {
      counting = ServiceChange.counting(counting, source.at(service, hostPort));
    }
    return counting;
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

    /** By service and host:port; services without any are not in it. */
    private Map<String, Map<String, Instance>> services = new HashMap<>();

    private Instance at(String service, String hostPort) {
      return services.getOrDefault(service, Collections.emptyMap()).get(hostPort);
    }

    private void addAllTo(AffectedInstances affected) {
      services.forEach(
          (service, instances) ->
              instances.keySet().forEach(hostPort -> affected.add(service, hostPort)));
    }

    @Override
    public void listed(Map<String, List<Instance>> all) {
      AffectedInstances affected = new AffectedInstances();
      addAllTo(affected);
      services = new HashMap<>();
      all.forEach((service, some) -> services.put(service, ServiceChange.byHostPort(some)));
      addAllTo(affected);
      listed = true;
      trouble = null;
      if (isComplete()) {
        listener.listed(all());
        sayTrouble();
      } else if (isTroubled()) {
        tellChanged(affected);
      }
    }

    @Override
    public void changed(List<ServiceChange> changes) {
      AffectedInstances affected = take(changes);
      trouble = null;
      if (isComplete() || isTroubled()) {
        tellChanged(affected);
      }
    }

    @Override
    public void moved(List<ServiceChange> changes) {
      listener.moved(take(changes).changes(SourceMerge.this::counting));
    }

    private AffectedInstances take(List<ServiceChange> changes) {
      AffectedInstances affected = new AffectedInstances();
      for (ServiceChange change : changes) {
        String service = change.service();
        Map<String, Instance> instances =
            services.computeIfAbsent(service, name -> new LinkedHashMap<>());
        for (Instance each : change.present()) {
          instances.put(each.hostPort(), each);
          affected.add(service, each.hostPort());
        }
        for (String hostPort : change.gone()) {
          instances.remove(hostPort);
          affected.add(service, hostPort);
        }
        if (instances.isEmpty()) {
          services.remove(service);
        }
      }
      return affected;
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
        AffectedInstances affected = new AffectedInstances();
        sources.forEach(source -> source.addAllTo(affected));
        if (!affected.isEmpty()) {
          listener.changed(affected.changes(SourceMerge.this::counting));
        }
      }
      sayTrouble();
    }
  }
}
