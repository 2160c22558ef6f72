package io.meshagent.core.call;

import io.meshagent.core.api.Code;

/**
 * A verdict that ends a call: the one thing of ours that a program may notice. Immutable.
 *
 * <p>The description names the policy, so that whoever reads the program's log knows who refused.
 */
public final class Refusal implements Verdict {

  private final String policy;
  private final Code code;
  private final String description;
  private final long pushbackMillis;
  private final boolean asFailure;

  private Refusal(
      String policy, Code code, String description, long pushbackMillis, boolean asFailure) {
    this.policy = policy;
    this.code = code;
    this.description = description;
    this.pushbackMillis = pushbackMillis;
    this.asFailure = asFailure;
  }

  /** A refusal without advice when to come back. */
  public static Refusal of(String policy, Code code, String description) {
    return new Refusal(policy, code, description, -1, false);
  }

  /** One that callers are to take for a failure of the server's: they are not told otherwise. */
  public static Refusal asFailure(String policy, Code code, String description) {
    return new Refusal(policy, code, description, -1, true);
  }

  /**
   * A refusal whose trailers carry {@code grpc-retry-pushback-ms}; {@code millis} is at least 0.
   */
  public static Refusal comeBackAfter(String policy, Code code, String description, long millis) {
    return new Refusal(policy, code, description, Math.max(0, millis), false);
  }

  /** The policy's name as metrics label it, for example {@code rate-limit}. */
  public String policy() {
    return policy;
  }

  public Code code() {
    return code;
  }

  public String description() {
    return description;
  }

  /** Milliseconds until a retry makes sense, or -1 if nothing is known. */
  public long pushbackMillis() {
    return pushbackMillis;
  }

  /** Whether callers are to blame the server for it. */
  public boolean isAsFailure() {
    return asFailure;
  }
}
