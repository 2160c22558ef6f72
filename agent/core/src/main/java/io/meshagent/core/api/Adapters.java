package io.meshagent.core.api;

/**
 * The adapters for one copy of gRPC in the program, as the hooks call them. Implemented once, in
 * {@code agent/grpc}; an instance per class loader of {@code io.grpc}. Arguments and results are
 * gRPC's own types, which core can't name. Called on the program's threads, inside gRPC.
 */
public interface Adapters {

  /**
   * {@code ManagedChannelImpl.newCall} was entered.
   *
   * @param channel the {@code ManagedChannelImpl}
   * @param next its {@code interceptorChannel}: the program's interceptors and what follows
   * @return the {@code ClientCall} to return instead, or null to go on as ever
   */
  Object newCall(Object channel, Object next, Object method, Object callOptions);

  /**
   * A call is about to get its stream, after all of the program's interceptors.
   *
   * @param provider the part of the channel that makes it
   * @return the {@code CallOptions} to make it with, or null to go on as ever
   */
  Object newStream(Object provider, Object callOptions);

  /**
   * gRPC is about to decide whether an attempt that failed is followed by another one.
   *
   * @param listener the attempt's, in the {@code RetriableStream} of its call
   * @return the trailers to decide by, or null to go on as ever
   */
  Object retryDecision(Object listener, Object status, Object trailers);

  /** A server is about to run a method: returns the {@code ServerMethodDefinition} to use. */
  Object serverMethod(Object definition);

  /**
   * A call has come to a server, which makes its tracers; on the transport's thread.
   *
   * @param factories the list of those that make them
   * @return the list to use instead, or null to use what was given
   */
  Object serverTracers(Object factories);

  /**
   * A context of gRPC is about to run a task of the program's, or to wrap it for later.
   *
   * @param context in which it will run
   * @param task a {@code Runnable} or a {@code Callable}
   * @return what is to run instead, which is both, or null for the task as it is
   */
  Object contextTask(Object context, Object task);

  /** {@code ServerImpl.start} has returned. */
  void serverStarted(Object server);

  /**
   * {@code ServerImpl.shutdown} was entered; may be called again and again. Returns when it may go
   * on.
   */
  void serverStopping(Object server);

  /** {@code ServerImpl.shutdownNow} was entered, which calls {@code shutdown} next. */
  void serverStoppingNow(Object server);

  /** {@code ManagedChannelImpl.exitIdleMode} has returned; in the channel's sync context. */
  void channelActive(Object channel, Object lbHelper);

  /** The channel has dropped its balancer, to go idle or to end; in the channel's sync context. */
  void channelIdle(Object channel);

  /**
   * The channel's balancer publishes; in the channel's sync context.
   *
   * @return {@code {state, picker}} to publish instead, or null to publish what was given
   */
  Object[] balancingState(Object channel, Object lbHelper, Object state, Object picker);

  /**
   * Takes over the servers and channels that were there before the hooks. May be called again, for
   * what was between two states the last time. On a thread of the agent's.
   */
  TakenOver takeOver();

  /**
   * Every channel gets back what it would use without the agent; none is rerouted from now on.
   * Returns when that is done, or after a few seconds. On a thread of the agent's.
   */
  void giveBack();
}
