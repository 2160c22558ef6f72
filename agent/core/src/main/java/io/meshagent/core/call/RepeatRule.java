package io.meshagent.core.call;

import io.meshagent.core.api.Code;
import java.util.List;

/**
 * What gRPC is told of attempts of a method's calls that may follow the first: retries, which come
 * after one that failed, or hedges, which come beside one that takes long. Never both. And how many
 * of them there may be, which gRPC has no word for. Made by the policy, one for each change of its
 * settings, and known by its identity; thread-safe. What is taken from the budget is not given
 * back.
 */
public interface RepeatRule {

  /** Whether attempts come beside others; else one after the other. */
  boolean isHedging();

  /** How many attempts a call may have, the first included: 2 to 5. */
  int attempts();

  /** After which codes another attempt may do better, by name; at least one. */
  List<String> codes();

  /** Whether it is one of them. */
  boolean isRepeatedAfter(Code code);

  /** The most that the first retry waits, in nanoseconds; each waits for a random part of that. */
  long firstBackoffNanos();

  /** The most that any retry waits, in nanoseconds. */
  long mostBackoffNanos();

  /** By how much the wait grows with each retry; at least 1. */
  double backoffFactor();

  /** After how many nanoseconds without an end of the call the next hedge comes. */
  long hedgeDelayNanos();

  /** A call that failed wants to try again: takes one from the budget, or counts a refusal. */
  boolean tryRetry();

  /** Whether a call that begins may have hedges: something is left in the budget. */
  boolean mayHedge();

  /** A hedge was sent, which is taken from the budget, though nothing may be left in it. */
  void hedged();
}
