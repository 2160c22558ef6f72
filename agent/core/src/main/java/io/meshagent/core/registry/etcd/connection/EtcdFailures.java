package io.meshagent.core.registry.etcd.connection;

import io.etcd.jetcd.support.Errors;
import io.grpc.Status;
import io.meshagent.core.config.ServerAddress;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.client.EtcdFailure.Kind;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLException;

/** What gRPC's and etcd's errors mean for us. Stateless. */
final class EtcdFailures {

  /** What a channel of gRPC answers for ever after something was thrown inside of it. */
  private static final String PANIC = "Panic!";

  private EtcdFailures() {}

  /** Null for no error. */
  static EtcdFailure of(ServerAddress endpoint, Throwable error) {
    if (error == null) {
      return null;
    }
    Status status = Status.fromThrowable(error);
    String said = status.getDescription() == null ? "" : status.getDescription();
    return new EtcdFailure(kind(status, said), endpoint + ": " + clause(status, said));
  }

  /** What a watch says of its end. */
  static EtcdFailure ofCancel(ServerAddress endpoint, long compactRevision, String reason) {
    if (compactRevision != 0) {
      return new EtcdFailure(Kind.COMPACTED, endpoint + ": compacted at " + compactRevision);
    }
    Kind kind = reason.contains("no leader") ? Kind.UNREACHABLE : kind(Status.UNKNOWN, reason);
    String clause = reason.isEmpty() ? "the watch was cancelled" : reason;
    return new EtcdFailure(kind, endpoint + ": " + clause);
  }

  private static Kind kind(Status status, String said) {
    if (said.contains("requested lease not found")) {
      return Kind.LEASE_GONE;
    }
    if (said.contains("has been compacted")) {
      return Kind.COMPACTED;
    }
    if (said.contains("authentication failed") || isTokenWorthless(said)) {
      return Kind.LOGIN;
    }
    if (said.contains("not supported for learner")) {
      return Kind.LEARNER;
    }
    if (said.contains("permission denied")) {
      return Kind.REFUSED;
    }
    if (status.getCode() == Status.Code.INTERNAL && said.startsWith(PANIC)) {
      return Kind.UNREACHABLE;
    }
    if (isTls(status.getCause())) {
      return Kind.UNTRUSTED;
    }
    switch (status.getCode()) {
      case RESOURCE_EXHAUSTED:
        return isTooLarge(said) ? Kind.TOO_LARGE : Kind.OTHER;
      case UNAVAILABLE:
        return Kind.UNREACHABLE;
      case DEADLINE_EXCEEDED:
        return Kind.SILENT;
      case UNAUTHENTICATED:
        return Kind.LOGIN;
      case PERMISSION_DENIED:
        return Kind.REFUSED;
      default:
        return Kind.OTHER;
    }
  }

  /**
   * Whether an answer is larger than a limit: ours, which our gRPC finds in the first bytes of the
   * message, or a proxy's, which gRPC for Go says in other words. Etcd has other uses for the code:
   * too many requests, no space left.
   */
  private static boolean isTooLarge(String said) {
    return said.contains("message exceeds maximum size")
        || said.contains("message larger than max");
  }

  private static boolean isTls(Throwable error) {
    Throwable cause = error;
    for (int depth = 0; cause != null && depth < 20; depth++) {
      if (cause instanceof SSLException || cause instanceof GeneralSecurityException) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /** Whether a token is worthless for a cause that those of all programs have. */
  static boolean isTokenOfAllWorthless(String said) {
    return isTokenWorthless(said) && !said.contains(Errors.INVALID_AUTH_TOKEN_ERROR_MESSAGE);
  }

  /** Whether logging in again may help: the token has expired, or there was none. */
  static boolean isTokenWorthless(String said) {
    return said.contains(Errors.INVALID_AUTH_TOKEN_ERROR_MESSAGE)
        || said.contains(Errors.ERROR_AUTH_STORE_OLD)
        || said.contains("user name is empty");
  }

  /** Whether logging in failed because etcd has no users. */
  static boolean isAuthOff(String said) {
    return said.contains("authentication is not enabled");
  }

  private static String clause(Status status, String said) {
    if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
      return "no answer in time";
    }
    Throwable cause = status.getCause();
    while (cause != null && cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    if (cause != null && cause.getMessage() != null) {
      return cause.getMessage();
    }
    return said.isEmpty() ? status.getCode().name() : said;
  }
}
