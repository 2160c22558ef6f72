package io.meshagent.core.registry;

import java.util.EnumSet;
import java.util.Set;

/** How one service of one server of ours stands in the registry. */
public enum EntryState {
  /** Not published yet: its health is not known. */
  HELD,
  PUBLISHED,
  /** Announced as leaving; others send no new calls. */
  DRAINING,
  /** Not in the registry. */
  WITHDRAWN;

  Set<EntryState> next() {
    switch (this) {
      case HELD:
        return EnumSet.of(PUBLISHED, WITHDRAWN);
      case PUBLISHED:
        return EnumSet.of(DRAINING);
      case DRAINING:
        return EnumSet.of(WITHDRAWN, PUBLISHED);
      case WITHDRAWN:
        return EnumSet.of(PUBLISHED);
      default:
        throw new AssertionError(this);
    }
  }
}
