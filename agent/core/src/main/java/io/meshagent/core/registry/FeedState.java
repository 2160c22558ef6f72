package io.meshagent.core.registry;

import java.util.EnumSet;
import java.util.Set;

/** How the directory is followed. What may follow on what is listed in {@link #next}. */
public enum FeedState {
  /** Not started. */
  NEW,
  /** The whole directory is being read. */
  LIST,
  /** Changes since the list are being watched. */
  WATCH,
  /** Etcd can't be reached or does not answer; a try will follow. */
  BROKEN,
  /** Over. */
  CLOSED;

  public Set<FeedState> next() {
    switch (this) {
      case NEW:
        return EnumSet.of(LIST, CLOSED);
      case LIST:
        return EnumSet.of(WATCH, BROKEN, CLOSED);
      case WATCH:
        return EnumSet.of(LIST, BROKEN, CLOSED);
      case BROKEN:
        return EnumSet.of(LIST, WATCH, CLOSED);
      default:
        return EnumSet.noneOf(FeedState.class);
    }
  }
}
