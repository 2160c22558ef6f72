package io.meshagent.core.registry.publish;

import java.util.EnumSet;
import java.util.Set;

/** How far a server is on its way out of the mesh. */
enum LeavingState {
  /** Nobody asked it to leave. */
  STAYING,
  /** Others were told to send no new calls. */
  DRAINING,
  /** Not in the registry any more; it goes on answering for those who learn that late. */
  WITHDRAWN,
  /** It may be down by now. */
  GONE;

  Set<LeavingState> next() {
    switch (this) {
      case STAYING:
        return EnumSet.of(DRAINING);
      case DRAINING:
        return EnumSet.of(WITHDRAWN);
      case WITHDRAWN:
        return EnumSet.of(GONE);
      case GONE:
        return EnumSet.noneOf(LeavingState.class);
      default:
        throw new AssertionError(this);
    }
  }
}
