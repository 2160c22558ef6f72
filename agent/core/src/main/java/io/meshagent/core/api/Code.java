package io.meshagent.core.api;

/**
 * gRPC's status codes; the ordinal is the number on the wire. A copy of our own, because core
 * cannot name the program's {@code io.grpc.Status}.
 *
 * @see <a href="https://grpc.io/docs/guides/status-codes/">the codes and their meaning</a>
 */
public enum Code {
  OK,
  CANCELLED,
  UNKNOWN,
  INVALID_ARGUMENT,
  DEADLINE_EXCEEDED,
  NOT_FOUND,
  ALREADY_EXISTS,
  PERMISSION_DENIED,
  RESOURCE_EXHAUSTED,
  FAILED_PRECONDITION,
  ABORTED,
  OUT_OF_RANGE,
  UNIMPLEMENTED,
  INTERNAL,
  UNAVAILABLE,
  DATA_LOSS,
  UNAUTHENTICATED;

  private static final Code[] BY_NUMBER = values();

  /** The code of a number on the wire; an unknown number is {@link #UNKNOWN}, as gRPC has it. */
  public static Code of(int number) {
    return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : UNKNOWN;
  }
}
