package io.meshagent.grpc.base;

import io.grpc.Metadata;
import io.grpc.Status;
import io.meshagent.core.api.Code;
import io.meshagent.core.call.Refusal;

/**
 * Conversions between gRPC's statuses and trailers and the agent's codes and refusals. Stateless.
 */
public final class Statuses {

  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  /**
   * What a refusal of ours is known by where it was handed on, with the policy's name: who gets it
   * has nobody to blame.
   */
  private static final Metadata.Key<String> REFUSED =
      Metadata.Key.of("mesh-refused", Metadata.ASCII_STRING_MARSHALLER);

  /** What descriptions of the agent's begin with. */
  private static final String OURS = "mesh-agent: ";

  private Statuses() {}

  public static Code code(Status status) {
    return Code.of(status.getCode().value());
  }

  /** The status that a program sees of a refusal. */
  public static Status status(Refusal refusal) {
    return Status.fromCodeValue(refusal.code().ordinal()).withDescription(refusal.description());
  }

  /** Whether a call ended with a refusal of ours, made there or handed on. */
  public static boolean isRefused(Metadata trailersOrNull) {
    return trailersOrNull != null && trailersOrNull.containsKey(REFUSED);
  }

  /**
   * A status that was made of a refusal is one, too: its trailers get the mark. Many programs hand
   * the status on and not its trailers; then its cause has them, or its description is ours.
   */
  public static void markPassedOn(Status status, Metadata trailers) {
    if (trailers == null || trailers.containsKey(REFUSED)) {
      return;
    }
    Throwable cause = status.getCause();
    Metadata theirs = cause == null ? null : Status.trailersFromThrowable(cause);
    String policy = theirs == null ? null : theirs.get(REFUSED);
    String description = status.getDescription();
    if (policy != null) {
      trailers.put(REFUSED, policy);
    } else if (description != null && description.startsWith(OURS)) {
      trailers.put(REFUSED, "passed-on");
    }
  }

  /** The trailers that go with it. */
  public static Metadata trailers(Refusal refusal) {
    Metadata trailers = new Metadata();
    trailers.put(REFUSED, refusal.policy());
    if (refusal.pushbackMillis() >= 0) {
      trailers.put(PUSHBACK, Long.toString(refusal.pushbackMillis()));
    }
    return trailers;
  }
}
