package io.meshagent.bootstrap;

import java.lang.instrument.Instrumentation;
import java.util.function.Function;

/**
 * The only thing of ours that instrumented classes name. Shut until the engine opens it: then a
 * hook that gets null from it goes on as ever.
 *
 * <p>Its surface is JDK types, so that the same class can stand in the bootstrap loader too, for
 * loaders that can't see the system loader, and the engine can open both copies by reflection.
 */
public final class Door {

  /** {@code ManagedChannelImpl.newCall} entered: channel, next channel, method, call options. */
  public static final int NEW_CALL = 0;

  /** A server call: transport listener, server method definition. */
  public static final int SERVER_METHOD = 1;

  /** {@code ServerImpl.start} returned: server. */
  public static final int SERVER_STARTED = 2;

  /** {@code ServerImpl.shutdown} entered: server. */
  public static final int SERVER_STOPPING = 3;

  /** {@code ManagedChannelImpl.exitIdleMode} returned: channel, load balancer helper. */
  public static final int CHANNEL_ACTIVE = 4;

  /** {@code shutdownNameResolverAndLoadBalancer} is over: channel. */
  public static final int CHANNEL_IDLE = 5;

  /** {@code LbHelperImpl.updateBalancingState} entered: helper, channel, state, picker. */
  public static final int BALANCING_STATE = 6;

  /** {@code ServerImpl.shutdownNow} entered: server. */
  public static final int SERVER_STOPPING_NOW = 7;

  /** A call gets its stream: stream provider, call options. */
  public static final int NEW_STREAM = 8;

  /** {@code RetriableStream} decides on a retry: listener of the attempt, status, trailers. */
  public static final int RETRY_DECISION = 9;

  /** A server's call gets its tracers: {@code StatsTraceContext} itself, their factories. */
  public static final int SERVER_TRACERS = 10;

  /** {@code Context} is to run or to wrap a task of the program's: the context, the task. */
  public static final int CONTEXT_TASK = 11;

  /** Volatile: opened once by the engine while the program's threads run through the hooks. */
  private static volatile Function<Object[], Object> handler;

  /** Volatile: set while calls may be repeated, read by each call. Else null, as while shut. */
  private static volatile Function<Object[], Object> ofStreams;

  private Door() {}

  /**
   * Takes the hook's number and its four values, on the program's thread; gives what the hook asked
   * for, or null to change nothing. Null itself while the Door is shut. Hooks call it themselves: a
   * method here would stand on the stack below the program's code, and a security manager may have
   * granted this class nothing.
   */
  public static Function<Object[], Object> handler() {
    return handler;
  }

  /** The same for the hooks of streams, which most programs never need. */
  public static Function<Object[], Object> ofStreams() {
    return ofStreams;
  }

  /**
   * From now on the hooks of streams reach this one; none if it is null.
   *
   * @throws SecurityException under a security manager, if the instrumentation is not the JVM's
   */
  public static void openForStreams(
      Function<Object[], Object> to, Instrumentation instrumentation) {
    AgentKey.check(instrumentation);
    ofStreams = to;
  }

  /**
   * From now on hooks reach this one; none if it is null. It sees every call of the program.
   *
   * @throws SecurityException under a security manager, if the instrumentation is not the JVM's
   */
  public static void open(Function<Object[], Object> to, Instrumentation instrumentation) {
    AgentKey.check(instrumentation);
    handler = to;
  }
}
