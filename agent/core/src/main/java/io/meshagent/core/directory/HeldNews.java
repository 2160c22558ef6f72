package io.meshagent.core.directory;

import io.meshagent.core.log.Log;

/** One line when many removals begin to wait, one when none does. Confined to the lock. */
final class HeldNews {

  /** One that waits is nothing to worry about. */
  private static final int WORTH_A_LINE = 2;

  private boolean said;

  void tell(int held, int entries) {
    if (!said && held >= WORTH_A_LINE) {
      said = true;
      Log.warn(
          held
              + " of "
              + entries
              + " entries of the directory vanished from the registry together; calls still go to"
              + " those that take connections, until the registry has been asked again");
    } else if (said && held == 0) {
      said = false;
      Log.warn(
          "no entry of the directory waits for its removal any more: those that vanished are"
              + " registered again, or are gone; there are "
              + entries
              + " now");
    }
  }
}
