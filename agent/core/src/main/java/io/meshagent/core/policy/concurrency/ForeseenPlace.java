package io.meshagent.core.policy.concurrency;

import io.meshagent.core.policy.base.Foresight;

/** Says beforehand whether one more call finds a place. Stateless. */
final class ForeseenPlace {

  private ForeseenPlace() {}

  /** As things are at this moment. */
  static Foresight under(ConcurrencyLimit limit) {
    ConcurrencySettings now = limit.settings();
    Places places = limit.places();
    String says =
        "lets "
            + places.most()
            + (places.isAdaptive() ? " calls (adaptive)" : " calls")
            + " in at once; now "
            + places.taken()
            + " are under way and "
            + limit.waiting()
            + " wait";
    if (places.taken() < places.most() && limit.waiting() == 0) {
      return Foresight.goesOn(limit.name(), says);
    }
    return limit.waiting() < now.queue
        ? Foresight.waits(
            limit.name(),
            says + ", so one more waits, for " + now.queueTimeout.toMillis() + " ms at most")
        : Foresight.refused(limit.name(), says + ": RESOURCE_EXHAUSTED");
  }
}
