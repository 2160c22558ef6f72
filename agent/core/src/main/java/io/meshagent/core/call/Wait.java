package io.meshagent.core.call;

/**
 * The verdict that keeps a call without a thread until the stage that said so calls {@link
 * Call#resume}. Only for calls that {@link Call#canWait}; the stage has taken nothing, is not left
 * and is entered again when the call is resumed.
 */
public enum Wait implements Verdict {
  UNTIL_RESUMED
}
