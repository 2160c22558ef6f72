package io.meshagent.core.api;

/**
 * An instance of one service as the directory offers it. Immutable; the directory keeps one object
 * for as long as nothing of it changes, so that two snapshots can be compared by identity.
 */
public final class Endpoint {

  private final Instance instance;
  private final Standing standing;
  private final long sinceNanos;
  private final boolean willing;
  private final long hash;

  /**
   * @param sinceNanos when it became known, by the engine's clock
   */
  public Endpoint(Instance instance, Standing standing, long sinceNanos) {
    this.instance = instance;
    this.standing = standing;
    this.sinceNanos = sinceNanos;
    this.willing = instance.isWilling();
    this.hash = TextHash.of(instance.hostPort());
  }

  public Instance instance() {
    return instance;
  }

  public Standing standing() {
    return standing;
  }

  /** When it became known, by the engine's clock: its age is what a slow start goes by. */
  public long sinceNanos() {
    return sinceNanos;
  }

  /** See {@link Instance#isDraining}. */
  public boolean isDraining() {
    return instance.isDraining();
  }

  /** See {@link Instance#isWilling}; decided once, for routes ask it of ten thousand at a time. */
  public boolean isWilling() {
    return willing;
  }

  /** A number made of {@code host:port}, the same in every JVM. */
  public long hash() {
    return hash;
  }

  /** Whether nothing that can be seen of the two differs. */
  @Override
  public boolean equals(Object o) {
    if (o == this) {
      return true;
    }
    if (!(o instanceof Endpoint)) {
      return false;
    }
    Endpoint other = (Endpoint) o;
    return standing == other.standing
        && sinceNanos == other.sinceNanos
        && instance.equals(other.instance);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(hash);
  }

  @Override
  public String toString() {
    return instance + " " + standing;
  }
}
