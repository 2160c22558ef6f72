package io.meshagent.core.call;

/**
 * The verdict that keeps a call without a thread until the stage that said so calls {@link
 * Call#resume}. Only for calls that {@link Call#canWait}; the stage is then entered again. If the
 * call ends before, the stage is told by {@link Stage#abandoned}. Immutable, so that a stage makes
 * it once.
 */
public final class Wait implements Verdict {

  /**
   * Until the program has sent the call's message, for stages that decide by it: only if {@link
   * Call#awaitsRequest}. The adapter resumes the call, the stage does not.
   */
  public static final Wait FOR_REQUEST = new Wait("its request (mesh-agent: client.cache)");

  private final String reason;

  private Wait(String reason) {
    this.reason = reason;
  }

  /**
   * A wait for something.
   *
   * @param reason what the call waits for, with the policy's setting; ends a sentence that begins
   *     with "the call waited for", which a program sees if its time is over before the wait is
   */
  public static Wait on(String reason) {
    return new Wait(reason);
  }

  /** What the call waits for. */
  public String reason() {
    return reason;
  }
}
