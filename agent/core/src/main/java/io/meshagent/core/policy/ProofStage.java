package io.meshagent.core.policy;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.Verdict;
import java.util.function.Consumer;

/**
 * Stands in the pipeline of a method that nobody has answered yet, and tells when somebody has: a
 * first sign of life of a stream, or a good end. A failure proves nothing, whatever it is: a
 * gateway fails calls of methods that do not exist by many a status.
 */
final class ProofStage implements Stage {

  /** Null where the plan is not kept. */
  private final Kept kept;

  private final Consumer<String> answered;

  /**
   * @param answered told the full name of the method, perhaps more than once
   */
  ProofStage(Kept kept, Consumer<String> answered) {
    this.kept = kept;
    this.answered = answered;
  }

  @Override
  public Verdict enter(Call call) {
    if (kept != null) {
      kept.begun(call.startNanos());
    }
    return null;
  }

  @Override
  public void responded(Call call) {
    answered.accept(call.plan().method());
  }

  @Override
  public void leave(Call call) {
    if (kept != null) {
      kept.ended();
    }
    if (call.code() == Code.OK) {
      answered.accept(call.plan().method());
    }
  }
}
