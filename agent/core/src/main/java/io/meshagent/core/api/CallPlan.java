package io.meshagent.core.api;

/**
 * All that was decided once for a method on one side, so that a call looks nothing up by name.
 * There is one plan per side and method for the life of the engine; adapters cache it by the
 * identity of the method's descriptor. Thread-safe.
 */
public final class CallPlan {

  private static final Stage[] NONE = {};

  private final Side side;
  private final String method;
  private final Service service;

  /** Replaced as a whole when a rule changes; a running call keeps the stages it entered. */
  private volatile Stage[] stages = NONE;

  /** Volatile for the same reason as the stages. */
  private volatile long timeoutNanos;

  /** Volatile for the same reason as the stages. */
  private volatile boolean marksEveryCall;

  /**
   * @param method the full method name, {@code package.Service/Method}
   * @param service what the directory says of the service; null where calls are never rerouted
   */
  public CallPlan(Side side, String method, Service service) {
    this.side = side;
    this.method = method;
    this.service = service;
  }

  /** Puts a newly compiled pipeline in force for the calls that start from now on. */
  public void install(Stage[] newStages, long newTimeoutNanos) {
    stages = newStages.clone();
    timeoutNanos = newTimeoutNanos;
    boolean marks = false;
    for (Stage stage : newStages) {
      marks |= stage.marksEveryCall();
    }
    marksEveryCall = marks;
  }

  public Side side() {
    return side;
  }

  /** The full method name, {@code package.Service/Method}. */
  public String method() {
    return method;
  }

  /** The service in the directory, or null if calls of this method are never rerouted. */
  public Service service() {
    return service;
  }

  /** The client's time limit in nanoseconds, or 0 for none. The adapter makes it a deadline. */
  public long timeoutNanos() {
    return timeoutNanos;
  }

  /** Whether the client has to tell of every attempt, see {@link Stage#sending}. */
  public boolean marksEveryCall() {
    return marksEveryCall;
  }

  Stage[] stages() {
    return stages;
  }
}
