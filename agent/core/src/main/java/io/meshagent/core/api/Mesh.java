package io.meshagent.core.api;

/**
 * The engine as the adapters see it. One per JVM; every method is thread-safe, never waits for I/O
 * and throws nothing.
 */
public interface Mesh {

  /**
   * The plan of a method: the slow look-up by name, for the adapter's cache to fill from with those
   * that are {@linkplain CallPlan#isKept kept}.
   *
   * @param method the full method name, {@code package.Service/Method}
   * @param streaming whether client or server may send more than one message
   * @return null if calls of this method are none of our business (the program's own etcd, say)
   */
  CallPlan plan(Side side, String method, boolean streaming);

  /** How attempts for a service are spread. */
  Balancer balancer(Service service);

  /**
   * Whether calls of a channel built for this target may go to instances of the directory.
   *
   * @param target as the program wrote it, {@code dns:///greeter:50051}
   */
  boolean reroutes(String target);

  /**
   * Whether they do so too where the program balances that channel by a policy of its own, which
   * then sees nothing of them.
   */
  boolean reroutesOwnBalancing(String target);

  /**
   * Says of a channel for this target, for people, whether its calls go to instances of the
   * directory. Said when that is decided, not per call.
   *
   * @param leftAloneBecause half a sentence; null if they do
   */
  void channel(String target, String leftAloneBecause);

  /**
   * Whether calls go to their channel's own target where no instance is registered or none can be
   * reached; else they fail.
   */
  boolean fallsBack();

  /** A server started: it will be registered, now and again whenever that is needed. */
  void serverStarted(StartedServer server);

  /**
   * The same server is about to shut down: it leaves. Returns when the shutdown may go on; servers
   * that nobody was told of never wait.
   *
   * @param mayWait whether the caller can wait until others have had time to see it; an interrupt
   *     ends the wait and stays set
   */
  void serverStopping(StartedServer server, boolean mayWait);

  /**
   * Whether connections to an instance fail: said when one fails, and when that is over or nobody
   * tries any more. What is registered stays in the directory; what only may be there still goes.
   */
  void refuses(Instance instance, boolean refuses);

  /**
   * A connection to an instance failed for whatever reason, or was lost. If it has a name, that may
   * have moved.
   */
  void connectionFailed(Instance instance);

  /**
   * Runs what calls into the program's gRPC, one after the other, on a thread of the engine that
   * ends when it has nothing to do. What that code leaves in the locals of its thread would keep a
   * closed web application from being collected, so no thread that lives on may run it.
   */
  void asGuest(Runnable task);

  /**
   * Runs a task as {@link #asGuest} does, not before the time has passed.
   *
   * @return cancels it, which has no effect once it has begun
   */
  Runnable after(long nanos, Runnable task);

  /** The engine's clock, nanoseconds, as {@link System#nanoTime}. */
  long nanoTime();

  /** Something of ours failed and was survived: counted, and logged once per place. */
  void failed(String place, Throwable cause);

  /** A fact that whoever runs the program should know, on the agent's own log at warning level. */
  void warn(String sentence);
}
