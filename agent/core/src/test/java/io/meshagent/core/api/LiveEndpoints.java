package io.meshagent.core.api;

import java.util.List;
import java.util.stream.Collectors;

/** Endpoints of which nothing but the instance matters to a test. */
public final class LiveEndpoints {

  private LiveEndpoints() {}

  public static Endpoints of(List<Instance> instances) {
    return Endpoints.of(
        instances.stream()
            .map(instance -> new Endpoint(instance, Standing.LIVE, 0))
            .collect(Collectors.toList()));
  }
}
