package io.meshagent.core.policy;

import io.meshagent.core.api.Side;
import io.meshagent.core.config.Key;
import io.meshagent.core.config.Setting;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.base.Policy;
import io.meshagent.core.policy.base.StagelessPolicy;
import io.meshagent.core.policy.route.RoutePolicies;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What is set for the calls of one method, and where each value was written. For people; immutable.
 */
public final class MethodSettings {

  private final String method;
  private final String service;
  private final Settings settings;
  private final List<List<Setting>> all = new ArrayList<>();

  /** The names of those that count. */
  private final Set<String> inForce = new HashSet<>();

  /**
   * @param method full name, or the name of a service
   */
  public MethodSettings(String method, Side side, Settings settings) {
    this.method = method;
    int slash = method.lastIndexOf('/');
    this.service = slash < 0 ? method : method.substring(0, slash);
    this.settings = settings;
    String prefix = side.name().toLowerCase(Locale.ROOT) + ".";
    for (Policy policy : Policies.inOrder()) {
      for (Key<?> key : policy.keys()) {
        if (key.name().startsWith(prefix)) {
          add(settings.applying(key, isByService(policy) ? service : method));
        }
      }
      policy.switches().forEach(key -> add(settings.applying(key, method)));
    }
  }

  /** Routes ask by the service. */
  private static boolean isByService(Policy policy) {
    return policy instanceof StagelessPolicy || policy == RoutePolicies.ROUTE;
  }

  private void add(List<Setting> applying) {
    if (!applying.isEmpty()) {
      all.add(Collections.unmodifiableList(applying));
      inForce.add(applying.get(0).name());
    }
  }

  /** As it was asked about. */
  public String method() {
    return method;
  }

  Settings settings() {
    return settings;
  }

  /** For each key what applies to the method: the first counts, those after it are beaten. */
  public List<List<Setting>> all() {
    return Collections.unmodifiableList(all);
  }

  /** The rows that name the method, its service, or a setting that counts for it. */
  Map<String, Object> among(Object rows) {
    Map<String, Object> about = new LinkedHashMap<>();
    if (rows instanceof Map) {
      ((Map<?, ?>) rows)
          .forEach(
              (name, value) -> {
                if (isAbout(String.valueOf(name))) {
                  about.put(String.valueOf(name), value);
                }
              });
    }
    return about;
  }

  private boolean isAbout(String name) {
    return name.equals(method)
        || name.equals(service)
        || inForce.contains(name)
        // All of the methods, where one asks for the service.
        || (method.equals(service) && name.startsWith(service + "/"));
  }
}
