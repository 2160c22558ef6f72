package io.meshagent.core.registry;

import java.util.EnumSet;
import java.util.Set;

/** How far our own entries are. What may follow on what is listed in {@link #next}. */
public enum RegistrationState {
  /** Nothing was ever to be registered, so we hold no lease. */
  IDLE,
  /** A lease is asked for, again and again until there is one. */
  GRANT,
  /** There is a lease; some entries are not yet as they should be. */
  PUT,
  /** All entries are as they should be and the lease is being renewed. */
  ALIVE,
  /** The lease has ended, and a new one will be asked for; or it is not known whether it lives. */
  LOST,
  /** Over. */
  CLOSED;

  public Set<RegistrationState> next() {
    switch (this) {
      case IDLE:
        return EnumSet.of(GRANT, CLOSED);
      case LOST:
        return EnumSet.of(GRANT, PUT, CLOSED);
      case GRANT:
        return EnumSet.of(PUT, CLOSED);
      case PUT:
        return EnumSet.of(ALIVE, LOST, CLOSED);
      case ALIVE:
        return EnumSet.of(PUT, LOST, CLOSED);
      default:
        return EnumSet.noneOf(RegistrationState.class);
    }
  }
}
