package io.meshagent.core.check;

import java.util.function.Consumer;

/** One thing to look at. Each has a thread of its own, on which it may wait. */
interface Look {

  /** Looks, and tells what it sees as soon as it sees it. */
  void look(Consumer<Finding> told);

  /** What to say if it has not come to an end in time. */
  Finding late();
}
