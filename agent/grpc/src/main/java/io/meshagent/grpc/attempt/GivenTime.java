package io.meshagent.grpc.attempt;

import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;

/**
 * Whether a stream was thrown away because the time of its call was over. gRPC's retries, which are
 * switched on from 1.40 on, end a call by its deadline and then cancel what is under way for it,
 * "because RetriableStream committed", so that a tracer hears of a cancellation: an instance that
 * does not answer would look as if its callers had lost interest. Stateless.
 */
final class GivenTime {

  /** How gRPC begins what it says of such streams, in all versions. */
  private static final String THROWN_AWAY = "Stream thrown away";

  /** Written by gRPC as a stream starts: what is left of the call's time then. */
  private static final Metadata.Key<String> TIMEOUT =
      Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);

  private GivenTime() {}

  /**
   * Whether it ended by its call's deadline, though it does not say so.
   *
   * @param headers as they were sent
   * @param beganNanos when the stream was made
   */
  static boolean isOver(Status status, Metadata headers, long beganNanos, long nowNanos) {
    String said = status.getDescription();
    if (status.getCode() != Status.Code.CANCELLED
        || said == null
        || !said.startsWith(THROWN_AWAY)) {
      return false;
    }
    long given = nanos(headers.get(TIMEOUT));
    return given > 0 && nowNanos - beganNanos >= given;
  }

  /** A number and its unit, as the HTTP/2 mapping of gRPC has it; 0 if there is none. */
  static long nanos(String timeout) {
    if (timeout == null || timeout.length() < 2) {
      return 0;
    }
    int last = timeout.length() - 1;
    try {
      long number = Long.parseLong(timeout.substring(0, last));
      switch (timeout.charAt(last)) {
        case 'n':
          return number;
        case 'u':
          return TimeUnit.MICROSECONDS.toNanos(number);
        case 'm':
          return TimeUnit.MILLISECONDS.toNanos(number);
        case 'S':
          return TimeUnit.SECONDS.toNanos(number);
        case 'M':
          return TimeUnit.MINUTES.toNanos(number);
        case 'H':
          return TimeUnit.HOURS.toNanos(number);
        default:
          return 0;
      }
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
