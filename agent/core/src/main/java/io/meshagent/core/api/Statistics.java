package io.meshagent.core.api;

/**
 * Hears what becomes of the attempts on one instance: the material that balancing and ejection
 * judge by. Made only where a {@link Balancer} reads it. Called by gRPC's transport threads;
 * thread-safe, takes no lock for long and throws nothing.
 */
public interface Statistics {

  /** A stream to the instance was opened. */
  void begin();

  /**
   * The instance has begun to answer; at most once for each stream.
   *
   * @param tookNanos since the begin
   * @param nowNanos the engine's clock
   */
  void answered(long tookNanos, long nowNanos);

  /**
   * A stream that {@link #begin} announced has ended.
   *
   * @param code how
   * @param sent whether anything of it left this JVM; else its end says nothing of the instance
   * @param hasAnswered whether {@link #answered} was called for it
   * @param tookNanos since the begin
   * @param nowNanos the engine's clock
   */
  void end(Code code, boolean sent, boolean hasAnswered, long tookNanos, long nowNanos);
}
