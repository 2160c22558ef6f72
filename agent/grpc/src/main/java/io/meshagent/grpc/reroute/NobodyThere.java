package io.meshagent.grpc.reroute;

import java.net.ConnectException;
import java.net.NoRouteToHostException;

/** What the failure of a connection says of its address. Stateless. */
final class NobodyThere {

  /** Causes may go round in circles. */
  private static final int DEEPEST = 10;

  private NobodyThere() {}

  /**
   * Whether no program listens there. What fails later, a handshake for one, may be this channel's
   * own affair, and the directory, which others go by too, must not hear of it.
   */
  static boolean isSaidBy(Throwable cause) {
    Throwable some = cause;
    for (int depth = 0; some != null && depth < DEEPEST; depth++) {
      // Netty's own, also that for time running out, and NoRouteToHostException's sibling.
      if (some instanceof ConnectException || some instanceof NoRouteToHostException) {
        return true;
      }
      some = some.getCause();
    }
    return false;
  }
}
