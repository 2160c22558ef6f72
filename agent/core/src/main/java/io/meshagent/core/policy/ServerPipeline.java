package io.meshagent.core.policy;

import io.meshagent.core.call.Stage;

/** What a call passes before the program's own interceptors and handler, outermost first. */
final class ServerPipeline {

  private ServerPipeline() {}

  static Stage[] of(StageMaker stages) {
    return Pipeline.of(
        // Outermost, so that it sees every call that arrived: refusals count too.
        stages.metrics(),
        // Before anything that costs: to refuse must stay cheap when there is too much of it.
        stages.rateLimit(),
        // Outside of the handler: the handler's own calls become children of this span.
        stages.trace(),
        // Innermost: only what reached the handler can have been answered by it.
        stages.proof());
  }
}
