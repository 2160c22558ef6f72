package io.meshagent.core.cli;

/** Exit statuses, beside 0 and that of wrong use. */
final class Exit {

  /** Something is wrong. */
  static final int TROUBLE = 1;

  /** Nobody answered, or nobody runs it. */
  static final int SILENCE = 3;

  private Exit() {}
}
