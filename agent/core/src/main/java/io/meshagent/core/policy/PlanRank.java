package io.meshagent.core.policy;

/**
 * What is known of a method for which a plan is kept, and how many of such a side keeps. Names come
 * from callers, too, who may make them up: what only they know of must not take the place of what
 * the program hosts or really calls.
 */
enum PlanRank {

  /** Hosted here, or answered and of a service that is registered. */
  OWN(10_000),

  /**
   * Answered at least once. As many as there are methods of other people's that a program calls; a
   * server that answers to any name would fill the memory else.
   */
  ANSWERED(1_000),

  /**
   * Called and not answered yet: as many as a program may begin with at once, and few enough for
   * the page, where each has its lines.
   */
  UNPROVEN(100);

  final int most;

  PlanRank(int most) {
    this.most = most;
  }
}
