package io.meshagent.bootstrap;

import java.util.function.Function;

/**
 * The only thing of ours that instrumented classes name. Shut until the engine opens it: then a
 * hook that calls it gets null, which means "go on as ever".
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

  /** {@code shutdownNameResolverAndLoadBalancer} entered: channel. */
  public static final int CHANNEL_IDLE = 5;

  /** {@code LbHelperImpl.updateBalancingState} entered: helper, channel, state, picker. */
  public static final int BALANCING_STATE = 6;

  /** {@code ServerImpl.shutdownNow} entered: server. */
  public static final int SERVER_STOPPING_NOW = 7;

  /** Volatile: opened once by the engine while the program's threads run through the hooks. */
  public static volatile Function<Object[], Object> handler;

  private Door() {}

  /**
   * Hands what a hook saw to the engine, on the program's thread.
   *
   * @param hook one of the constants
   * @return what the hook asked for, or null to change nothing
   */
  public static Object call(int hook, Object a, Object b, Object c, Object d) {
    Function<Object[], Object> open = handler;
    return open == null ? null : open.apply(new Object[] {hook, a, b, c, d});
  }
}
