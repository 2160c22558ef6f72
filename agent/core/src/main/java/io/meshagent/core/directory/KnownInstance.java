package io.meshagent.core.directory;

import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Instance.Metadata;

/** One instance of one service as the directory knows it, and how it stands. Immutable. */
public final class KnownInstance {

  private final Instance instance;
  private final Standing standing;
  private final long since;

  /**
   * @param since when it began to stand so, by the directory's clock
   */
  KnownInstance(Instance instance, Standing standing, long since) {
    this.instance = instance;
    this.standing = standing;
    this.since = since;
  }

  public Instance instance() {
    return instance;
  }

  public Standing standing() {
    return standing;
  }

  String hostPort() {
    return instance.hostPort();
  }

  long since() {
    return since;
  }

  boolean is(Standing asked) {
    return standing == asked;
  }

  /** Whether the instance said that it leaves: then there is nothing to protect it from. */
  boolean isLeaving() {
    return "true".equals(instance.metadata().get(Metadata.DRAINING));
  }

  KnownInstance become(Standing next, long now) {
    if (!standing.next().contains(next)) {
      throw new IllegalStateException(instance + ": " + standing + " -> " + next);
    }
    return new KnownInstance(instance, next, now);
  }

  @Override
  public String toString() {
    return instance + " " + standing;
  }
}
