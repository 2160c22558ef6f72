package io.meshagent.core.api;

/** Whether a channel's own connections get the calls of a service, although it is registered. */
public enum Keeping {
  /** They get none as long as an instance can be reached. */
  NOTHING,
  /** The program means what it has dialled, which is registered no more: while that is reached. */
  WHILE_REACHED,
  /** The program means what it has dialled, which is registered. */
  ALWAYS
}
