package io.meshagent.core.balance;

/**
 * Gives an instance that has just come less than its share, and more by and by: a cold JVM would
 * answer its first calls late. From 10 % of its weight upwards in a straight line, as Envoy's slow
 * start with its defaults (aggression 1, {@code min_weight_percent} 10). Immutable.
 */
final class SlowStart {

  private static final double FIRST = 0.1;

  private final long windowNanos;

  /**
   * @param windowNanos until it has its share; 0 for at once
   */
  SlowStart(long windowNanos) {
    this.windowNanos = windowNanos;
  }

  /**
   * What to multiply a weight by.
   *
   * @param ageNanos since the instance came to be known
   */
  double factor(long ageNanos) {
    return isOver(ageNanos) ? 1 : Math.max(FIRST, (double) ageNanos / windowNanos);
  }

  /** Whether the factor is 1 from now on. */
  boolean isOver(long ageNanos) {
    return ageNanos >= windowNanos;
  }
}
