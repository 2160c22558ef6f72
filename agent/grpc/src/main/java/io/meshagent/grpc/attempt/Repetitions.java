package io.meshagent.grpc.attempt;

import io.meshagent.core.call.Attempts;
import io.meshagent.grpc.base.MetadataCall;

/** Counts the attempts of a call that had several, when it is over. Stateless. */
final class Repetitions {

  private Repetitions() {}

  /**
   * Tells them. Attempts with one number are transparent retries of each other: gRPC counts only
   * those that a server may have seen.
   *
   * @param latest the last attempt of the call
   */
  static void tell(MetadataCall call, AttemptTracer latest, boolean hedged) {
    long numbers = 0;
    int all = 0;
    for (AttemptTracer some = latest; some != null; some = some.before()) {
      if (some.isUnderWay()) {
        all++;
        numbers |= 1L << some.number();
      }
    }
    int further = Long.bitCount(numbers & ~1L);
    int transparent = all - Long.bitCount(numbers);
    if (call != null && further + transparent > 0) {
      Attempts.repeated(call, hedged ? 0 : further, transparent, hedged ? further : 0);
    }
  }
}
