package io.meshagent.core.api;

import java.util.EnumSet;
import java.util.Set;

/** How far an endpoint of the directory can be relied on. */
public enum Standing {
  /** The registry names it. */
  LIVE,
  /** The registry named it and no longer does, but its removal waits: it still gets calls. */
  HELD,
  /** It comes from the disk, because the registry can't be asked. It gets calls, too. */
  STALE;

  /**
   * What may follow; besides, every endpoint may go, and one that is named is LIVE from then on.
   */
  public Set<Standing> next() {
    return this == HELD ? EnumSet.of(LIVE) : EnumSet.of(LIVE, HELD);
  }
}
