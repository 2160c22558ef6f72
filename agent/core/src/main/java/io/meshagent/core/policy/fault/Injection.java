package io.meshagent.core.policy.fault;

import java.util.concurrent.atomic.LongAdder;

/** One setting that is in force, and what it has done. Thread-safe. */
final class Injection {

  /** The setting as it is written, {@code client.fault@helloworld.Greeter}. */
  final String name;

  final FaultRule rule;
  final LongAdder delayed = new LongAdder();
  final LongAdder aborted = new LongAdder();

  /** Calls that were drawn for a delay and could not wait, or too many were delayed already. */
  final LongAdder leftOut = new LongAdder();

  Injection(String name, FaultRule rule) {
    this.name = name;
    this.rule = rule;
  }
}
