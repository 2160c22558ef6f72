package io.meshagent.core.policy.retry;

import java.util.concurrent.atomic.LongAdder;

/** What became of a method's further attempts, whatever its settings were. Thread-safe. */
final class RepeatCounts {

  final LongAdder retries = new LongAdder();
  final LongAdder hedges = new LongAdder();

  /** Retries, and calls that began without hedges, because the budget was empty. */
  final LongAdder refused = new LongAdder();
}
