package io.meshagent.core.registry.publish;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.HealthService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A health service that says what a test wants. */
final class StubHealth implements HealthService {

  private final boolean watches;
  private final Map<String, Listener> watchers = new HashMap<>();

  /** What Check answers; NOT_FOUND for a service that is not in it. */
  final Map<String, Integer> checks = new HashMap<>();

  final List<String> cancelled = new ArrayList<>();
  boolean failing;

  StubHealth(boolean watches) {
    this.watches = watches;
  }

  /** Pushes a status to whoever watches. */
  void say(String service, int status) {
    watchers.get(service).status(status);
  }

  @Override
  public Inquiry watch(String service, Listener listener) {
    return inquiry(
        "Watch " + service,
        () -> {
          if (watches) {
            watchers.put(service, listener);
          } else {
            listener.ended(Code.UNIMPLEMENTED);
          }
        });
  }

  @Override
  public Inquiry check(String service, Listener listener) {
    return inquiry(
        "Check " + service,
        () -> {
          if (failing) {
            listener.ended(Code.INTERNAL);
          } else if (checks.containsKey(service)) {
            listener.status(checks.get(service));
            listener.ended(Code.OK);
          } else if (!watches) {
            listener.ended(Code.NOT_FOUND);
          }
        });
  }

  private Inquiry inquiry(String name, Runnable task) {
    return new Inquiry() {
      @Override
      public void start() {
        task.run();
      }

      @Override
      public void cancel() {
        cancelled.add(name);
      }
    };
  }
}
