package io.meshagent.core.registry;

import io.meshagent.core.api.Instance;
import io.meshagent.core.registry.format.InstanceCodec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The difference that something made to one service: whatever it does not name stays as it was.
 * Immutable.
 */
public final class ServiceChange {

  private final String service;
  private final List<Instance> present;
  private final List<String> gone;

  /**
   * @param present the instances that are new or other than before, each host:port once
   * @param gone each host:port where there is none any more
   */
  public ServiceChange(String service, Collection<Instance> present, Collection<String> gone) {
    this.service = service;
    this.present = Collections.unmodifiableList(new ArrayList<>(present));
    this.gone = Collections.unmodifiableList(new ArrayList<>(gone));
  }

  /** From all that a service had to all that it has; null if that is the same. */
  public static ServiceChange between(
      String service, Collection<Instance> before, Collection<Instance> now) {
    Map<String, Instance> gone = byHostPort(before);
    List<Instance> present = new ArrayList<>();
    byHostPort(now)
        .forEach(
            (hostPort, instance) -> {
              if (!instance.equals(gone.remove(hostPort))) {
                present.add(instance);
              }
            });
    return present.isEmpty() && gone.isEmpty()
        ? null
        : new ServiceChange(service, present, gone.keySet());
  }

  /** Those that count, in the order in which they were named first. */
  public static Map<String, Instance> byHostPort(Collection<Instance> instances) {
    Map<String, Instance> byHostPort = new LinkedHashMap<>();
    instances.forEach(each -> byHostPort.merge(each.hostPort(), each, ServiceChange::counting));
    return byHostPort;
  }

  /**
   * Which of two at the same host:port counts: the one that started last, for there can be only
   * one, and of two that started together the second; either may be null for none.
   */
  public static Instance counting(Instance first, Instance second) {
    if (first == null || second == null) {
      return first == null ? second : first;
    }
    return InstanceCodec.started(first) > InstanceCodec.started(second) ? first : second;
  }

  public String service() {
    return service;
  }

  /** The instances that are new or other than before, each host:port once. */
  public List<Instance> present() {
    return present;
  }

  /** Each host:port where there is none any more; it may be that none was known there. */
  public List<String> gone() {
    return gone;
  }

  @Override
  public boolean equals(Object o) {
    if (!(o instanceof ServiceChange)) {
      return false;
    }
    ServiceChange other = (ServiceChange) o;
    return service.equals(other.service)
        && present.equals(other.present)
        && gone.equals(other.gone);
  }

  @Override
  public int hashCode() {
    return Objects.hash(service, present, gone);
  }

  @Override
  public String toString() {
    return service + " +" + present + " -" + gone;
  }
}
