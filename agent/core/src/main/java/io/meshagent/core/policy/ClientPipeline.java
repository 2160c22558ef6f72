package io.meshagent.core.policy;

import io.meshagent.core.call.Stage;

/**
 * What a call passes on its way out, outermost first. Before all of it stands the timeout: it is no
 * stage but the plan's own, and the adapter makes it the call's deadline.
 */
final class ClientPipeline {

  private ClientPipeline() {}

  static Stage[] of(StageMaker stages) {
    return Pipeline.of(
        // Outermost, so that it sees every call as the program does: refusals count too.
        stages.metrics(),
        // Before the breaker: a call that may not be made must not take a probe's place.
        stages.rateLimit(),
        // After all that may refuse: what it lets in is really sent, and its end tells something.
        stages.breaker(),
        // Inside of them: a span is a call that was made; refusals are in the metrics.
        stages.trace(),
        // Innermost: only what was sent can have been answered.
        stages.proof());
  }
}
