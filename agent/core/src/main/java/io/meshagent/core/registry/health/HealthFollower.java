package io.meshagent.core.registry.health;

import io.meshagent.core.api.HealthService;
import io.meshagent.core.registry.TaskLoop;
import io.meshagent.core.registry.health.FollowedStatus.Verdict;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Follows what a server's health service says of each published service. Confined to the
 * registrar's loop. Whatever goes wrong with health, the services count as serving.
 */
public final class HealthFollower {

  /** How long publishing waits for the first word. */
  static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What health calls the server as a whole. */
  private static final String OVERALL = "";

  private final TaskLoop loop;
  private final Map<String, FollowedStatus> statuses = new LinkedHashMap<>();
  private Runnable onChange = () -> {};
  private boolean waitedEnough;
  private boolean closed;
  private TaskLoop.Timer first = TaskLoop.Timer.NONE;

  /**
   * @param inquiries where the program's health service is run
   */
  public HealthFollower(
      HealthService health, Collection<String> services, TaskLoop loop, TaskLoop inquiries) {
    this.loop = loop;
    follow(OVERALL, health, inquiries);
    services.forEach(service -> follow(service, health, inquiries));
  }

  private void follow(String service, HealthService health, TaskLoop inquiries) {
    statuses.put(
        service, new FollowedStatus(service, health, loop, inquiries, () -> onChange.run()));
  }

  /**
   * Begins.
   *
   * @param changed run whenever {@link #isServing} may have changed
   */
  public void start(Runnable changed) {
    onChange =
        () -> {
          if (!closed) {
            changed.run();
          }
        };
    first =
        loop.after(
            FIRST_NANOS,
            () -> {
              waitedEnough = true;
              onChange.run();
            });
    statuses.values().forEach(FollowedStatus::begin);
  }

  /** Whether the service serves; null if that is worth waiting for a little longer. */
  public Boolean isServing(String service) {
    Verdict own = statuses.get(service).verdict();
    Verdict decisive = own == Verdict.ABSENT ? statuses.get(OVERALL).verdict() : own;
    if (decisive == Verdict.PENDING && !waitedEnough) {
      return null;
    }
    return decisive != Verdict.NOT_SERVING;
  }

  public void close() {
    closed = true;
    first.cancel();
    statuses.values().forEach(FollowedStatus::close);
  }
}
