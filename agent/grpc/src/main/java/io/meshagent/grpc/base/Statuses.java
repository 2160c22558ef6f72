package io.meshagent.grpc.base;

import io.grpc.Metadata;
import io.grpc.Status;
import io.meshagent.core.api.Code;
import io.meshagent.core.call.Answer;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.Refusal;

/**
 * Conversions between gRPC's statuses and trailers and the agent's codes and outcomes. Stateless.
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

  private static final String BY_ROUTE = OURS + "client.route";
  private static final String BY_CIRCUITS = OURS + "all circuits open for ";

  private Statuses() {}

  /** A call fails because there is nobody where its rule sends it. */
  public static Status refusedByRoute(String why) {
    return Status.UNAVAILABLE.withDescription(OURS + why);
  }

  /** Whether that is what a call ended with. */
  public static boolean isRefusedByRoute(Status status) {
    String description = status.getDescription();
    return status.getCode() == Status.Code.UNAVAILABLE
        && description != null
        && description.startsWith(BY_ROUTE);
  }

  /** Whether it is one because the circuits of all instances are open. */
  public static boolean isRefusedByCircuits(Status status) {
    String description = status.getDescription();
    return status.getCode() == Status.Code.UNAVAILABLE
        && description != null
        && description.startsWith(BY_CIRCUITS);
  }

  public static Code code(Status status) {
    return Code.of(status.getCode().value());
  }

  /** What the stages are told of an end. */
  public static Outcome outcome(Status status) {
    return Outcome.of(code(status), status.getDescription());
  }

  /** The status that a program sees of an outcome that a stage has made. */
  public static Status status(Outcome outcome) {
    return Status.fromCodeValue(outcome.code().ordinal()).withDescription(outcome.description());
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
  public static Metadata trailers(Outcome outcome) {
    Metadata trailers = new Metadata();
    Refusal refusal = outcome.refusal();
    if (refusal != null && !refusal.isAsFailure()) {
      trailers.put(REFUSED, refusal.policy());
      if (refusal.pushbackMillis() >= 0) {
        trailers.put(PUSHBACK, Long.toString(refusal.pushbackMillis()));
      }
    }
    return trailers;
  }

  /** The headers of a response that a stage has made. */
  public static Metadata headers(Answer answer) {
    Metadata headers = new Metadata();
    String[] pairs = answer.headers();
    for (int i = 0; i < pairs.length; i += 2) {
      headers.put(Metadata.Key.of(pairs[i], Metadata.ASCII_STRING_MARSHALLER), pairs[i + 1]);
    }
    return headers;
  }
}
