package io.meshagent.core.directory;

import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Instance.Metadata;
import io.meshagent.core.api.Standing;
import io.meshagent.core.config.Drains;
import java.util.Objects;

/**
 * One instance of one service as the directory knows it, and how it stands. Immutable but for what
 * is made of it.
 */
public final class KnownInstance {

  private final Instance instance;
  private final Standing standing;
  private final long since;
  private final long knownSince;

  /** Guarded by the directory's lock. Null while nobody asks for the service. */
  private Endpoint endpoint;

  /**
   * One that was not known before.
   *
   * @param since now, by the directory's clock
   */
  KnownInstance(Instance instance, Standing standing, long since) {
    this(instance, standing, since, since);
  }

  private KnownInstance(Instance instance, Standing standing, long since, long knownSince) {
    this.instance = instance;
    this.standing = standing;
    this.since = since;
    this.knownSince = knownSince;
  }

  public Instance instance() {
    return instance;
  }

  public Standing standing() {
    return standing;
  }

  long since() {
    return since;
  }

  String hostPort() {
    return instance.hostPort();
  }

  /**
   * As the routes see it; the same object while nothing changes. With the directory's lock held.
   *
   * @param drains those in force
   */
  Endpoint endpoint(Drains drains) {
    endpoint = shown(drains);
    return endpoint;
  }

  /** The same for who only looks: nothing is kept for it. With the directory's lock held. */
  Endpoint shown(Drains drains) {
    String drained = drains.isEmpty() ? null : drains.note(hostPort());
    return endpoint == null || !Objects.equals(endpoint.drained(), drained)
        ? new Endpoint(instance, standing, knownSince, drained)
        : endpoint;
  }

  boolean is(Standing asked) {
    return standing == asked;
  }

  /** Whether the instance said that it leaves: then there is nothing to protect it from. */
  boolean isLeaving() {
    return instance.isDraining();
  }

  KnownInstance become(Standing next, long now) {
    if (!standing.next().contains(next)) {
      throw new IllegalStateException(instance + ": " + standing + " -> " + next);
    }
    return new KnownInstance(instance, next, now, knownSince);
  }

  /**
   * The registry names it, with these facts. As long as it is the same run of its program it is no
   * younger for that.
   */
  KnownInstance named(Instance facts, long now) {
    boolean same = started(facts).equals(started(instance));
    return new KnownInstance(facts, Standing.LIVE, now, same ? knownSince : now);
  }

  private static String started(Instance instance) {
    return String.valueOf(instance.metadata().get(Metadata.STARTED));
  }

  @Override
  public String toString() {
    return instance + " " + standing;
  }
}
