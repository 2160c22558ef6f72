package io.meshagent.core.policy;

import io.meshagent.core.call.Call;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.Verdict;
import io.meshagent.core.call.Wait;

/**
 * Stands for a policy's stage while calls are observed and not governed: asks it about each call,
 * says what it would have done, and lets the call go on. Headers are not touched and outcomes not
 * replaced.
 */
final class ObservedStage implements Stage {

  private final String policy;
  private final Stage stage;
  private final Observations observations;

  ObservedStage(String policy, Stage stage, Observations observations) {
    this.policy = policy;
    this.stage = stage;
    this.observations = observations;
  }

  @Override
  public Stage behind() {
    return stage;
  }

  @Override
  public boolean keepsState() {
    return true;
  }

  @Override
  public Verdict enter(Call call) {
    Verdict verdict = stage.enter(call);
    if (verdict == null) {
      // Only what was let in is left.
      call.keep(this, stage);
      return null;
    }
    if (verdict == Wait.FOR_REQUEST) {
      // What it would say by the request it says when the call is over.
      call.keep(this, stage);
      return null;
    }
    if (verdict instanceof Wait) {
      stage.abandoned(call);
    }
    would(call, verdict);
    return null;
  }

  private void would(Call call, Verdict verdict) {
    observations.would(policy, call.plan(), word(verdict), what(verdict));
    if (call.wantsNotes()) {
      call.note(policy + ": would have " + what(verdict) + ", but is observed only");
    }
  }

  private static String word(Verdict verdict) {
    return verdict instanceof Refusal ? "refuse" : verdict instanceof Wait ? "wait" : "answer";
  }

  private static String what(Verdict verdict) {
    if (verdict instanceof Refusal) {
      Refusal refusal = (Refusal) verdict;
      return "been refused (" + refusal.code() + ", " + refusal.description() + ")";
    }
    return verdict instanceof Wait
        ? "waited for " + ((Wait) verdict).reason()
        : "been answered by the agent";
  }

  @Override
  public boolean readsMessages() {
    return stage.readsMessages();
  }

  @Override
  public void responded(Call call) {
    if (call.kept(this) != null) {
      stage.responded(call);
    }
  }

  @Override
  public void leave(Call call) {
    if (call.kept(this) != null) {
      Verdict verdict = stage.observed(call);
      if (verdict != null) {
        would(call, verdict);
      }
    }
  }
}
