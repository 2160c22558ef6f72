package io.meshagent.core.config;

/** Whether a channel that is built for the address of an instance keeps to that instance. */
public enum KeepAddressed {
  /** Where the program has channels to several instances of one service by their addresses. */
  AUTO,
  /** Wherever the target is the address of a registered instance. */
  ALWAYS,
  NEVER
}
