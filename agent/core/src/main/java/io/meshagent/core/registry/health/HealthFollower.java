package io.meshagent.core.registry.health;

import io.meshagent.core.api.HealthService;
import io.meshagent.core.registry.health.FollowedStatus.Verdict;
import io.meshagent.core.run.TaskLoop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  private final HealthService health;
  private final TaskLoop loop;
  private final TaskLoop inquiries;
  private final Runnable changed;
  private final Map<String, FollowedStatus> statuses = new LinkedHashMap<>();

  /** Those whose first word is worth waiting for. */
  private final Set<String> young = new HashSet<>();

  private boolean closed;

  /**
   * @param inquiries where the program's health service is run
   * @param changed run whenever {@link #isServing} may have changed
   */
  public HealthFollower(HealthService health, TaskLoop loop, TaskLoop inquiries, Runnable changed) {
    this.health = health;
    this.loop = loop;
    this.inquiries = inquiries;
    this.changed = changed;
  }

  /** Begins to follow those of the services that it does not follow yet. */
  public void follow(Collection<String> services) {
    List<String> added = new ArrayList<>();
    added.add(OVERALL);
    added.addAll(services);
    added.removeAll(statuses.keySet());
    if (added.isEmpty()) {
      return;
    }
    for (String service : added) {
      statuses.put(
          service, new FollowedStatus(service, health, loop, inquiries, this::tellOfChange));
    }
    young.addAll(added);
    TaskLoop.Timer unused =
        loop.after(
            FIRST_NANOS,
            () -> {
              young.removeAll(added);
              tellOfChange();
            });
    added.forEach(service -> statuses.get(service).begin());
  }

  /** The service is not hosted any more. */
  public void forget(String service) {
    FollowedStatus gone = statuses.remove(service);
    if (gone != null) {
      gone.close();
    }
  }

  private void tellOfChange() {
    if (!closed) {
      changed.run();
    }
  }

  /** Whether the service serves; null if that is worth waiting for a little longer. */
  public Boolean isServing(String service) {
    Verdict own = statuses.get(service).verdict();
    Verdict decisive = own == Verdict.ABSENT ? statuses.get(OVERALL).verdict() : own;
    if (decisive == Verdict.PENDING && young.contains(service)) {
      return null;
    }
    return decisive != Verdict.NOT_SERVING;
  }

  public void close() {
    closed = true;
    statuses.values().forEach(FollowedStatus::close);
  }
}
