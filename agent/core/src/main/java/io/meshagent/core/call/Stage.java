package io.meshagent.core.call;

/**
 * One stage of a call's pipeline: a policy, or an observer, for one method on one side. Lives as
 * long as the rule it was compiled from and is shared by all calls of the method, so it must be
 * thread-safe; what it keeps for one call it keeps in the {@link Call}.
 *
 * <p>For each call that entered a stage, {@link #leave} is called exactly once, in reverse order of
 * entry: when the call closes, is cancelled, throws, or is refused by a later stage. Both methods
 * run on the program's threads: they must not block, and should not allocate or throw. An exception
 * is counted and taken as "let go".
 */
public interface Stage {

  /**
   * Decides about a call that is about to start.
   *
   * @return null to let it go on; a {@link Refusal} ends the call here, and {@link Wait} keeps it:
   *     in both cases this stage has taken nothing and is not left
   */
  Verdict enter(Call call);

  /**
   * Gives back what {@link #enter} took. The end of the call is in {@link Call#code()}, {@link
   * Call#description()} and {@link Call#refusal()}.
   */
  void leave(Call call);

  /**
   * The first sign of life from the server of a streaming call (its headers or a message) has
   * arrived. Called at most once a call, before {@link #leave}.
   */
  default void responded(Call call) {}

  /**
   * An attempt of this client call is about to leave: its headers, with all that the program's
   * interceptors and other agents wrote, are read and written through the call for as long as this
   * lasts. Called once an attempt, on a thread of gRPC's, for one attempt at a time; the call may
   * end meanwhile.
   */
  default void sending(Call call) {}

  /** Whether {@link #sending} is wanted for every call, and not only inside a known trace. */
  default boolean marksEveryCall() {
    return false;
  }
}
