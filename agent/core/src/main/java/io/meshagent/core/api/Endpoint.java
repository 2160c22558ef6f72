package io.meshagent.core.api;

import java.util.Objects;

/**
 * An instance of one service as the directory offers it. Immutable; the directory keeps one object
 * for as long as nothing of it changes, so that two snapshots can be compared by identity.
 */
public final class Endpoint {

  private final Instance instance;
  private final Standing standing;
  private final long sinceNanos;

  /** Null if it is willing, empty if it is not by its own facts, else what is said of its drain. */
  private final String unwilling;

  private final long hash;

  /**
   * @param sinceNanos when it became known, by the engine's clock
   */
  public Endpoint(Instance instance, Standing standing, long sinceNanos) {
    this(instance, standing, sinceNanos, null);
  }

  /**
   * The same of one that somebody may have drained.
   *
   * @param drained what is said of that, for people: {@code drained since … by …}; null if nobody
   *     has
   */
  public Endpoint(Instance instance, Standing standing, long sinceNanos, String drained) {
    this.instance = instance;
    this.standing = standing;
    this.sinceNanos = sinceNanos;
    this.unwilling = drained != null ? drained : instance.isWilling() ? null : "";
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

  /** See {@link Instance#isDraining}; also if somebody drained it. */
  public boolean isDraining() {
    return drained() != null || instance.isDraining();
  }

  /** What is said of its drain, for people; null if nobody drained it. */
  public String drained() {
    return unwilling == null || unwilling.isEmpty() ? null : unwilling;
  }

  /**
   * See {@link Instance#isWilling}; one that is drained is not. Decided once, for routes ask it of
   * ten thousand at a time.
   */
  public boolean isWilling() {
    return unwilling == null;
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
        && Objects.equals(unwilling, other.unwilling)
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
