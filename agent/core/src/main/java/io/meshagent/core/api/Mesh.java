package io.meshagent.core.api;

/**
 * The engine as the adapters see it. One per JVM; every method is thread-safe, never waits for I/O
 * and throws nothing. What each call follows comes from {@code call.PlanSource}.
 */
public interface Mesh extends Agent {

  /**
   * A channel of the program's, seen for the first time.
   *
   * @param target as the program wrote it, {@code dns:///greeter:50051}
   * @param scheme that of the channel's transport, see {@link Instance#scheme}; null if it is not
   *     known, and then any instance is taken to be reachable
   * @param governed whether policies apply to its calls
   */
  KnownChannel channel(String target, String scheme, boolean governed);

  /**
   * Why calls of a channel built for this target never go to instances of the directory, half a
   * sentence for people; null if they may.
   */
  String leftAlone(String target);

  /**
   * Whether they do so too where the program balances that channel by a policy of its own, which
   * then sees nothing of them.
   */
  boolean reroutesOwnBalancing(String target);

  /**
   * Whether calls are governed just now: else all go where they went without us. Asked by every
   * pick.
   */
  default boolean isGoverning() {
    return true;
  }

  /**
   * Whether calls go to their channel's own target where no instance is registered or none can be
   * reached; else they fail.
   */
  boolean fallsBack();

  /** How many connections a channel opens to each instance; so many again where it needs them. */
  default int connectionsPerInstance() {
    return 1;
  }

  /** How long a connection that carried nothing is kept, nanoseconds; 0 for ever. */
  default long mostIdleNanos() {
    return 0;
  }

  /** When connections may be opened. */
  default Openings openings() {
    return Openings.AT_ONCE;
  }

  /** The name of this program's application, for instances that ask who calls. */
  default String application() {
    return "";
  }

  /**
   * Where the ids of traces are put for the program's log lines.
   *
   * @param grpc the loader of the gRPC whose calls those are
   * @return null if they are put nowhere
   */
  default LogContext logContext(ClassLoader grpc) {
    return null;
  }

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
}
