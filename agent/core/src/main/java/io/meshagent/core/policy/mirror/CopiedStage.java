package io.meshagent.core.policy.mirror;

import io.meshagent.core.call.Call;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.Verdict;

/** Knows a call that came in as a copy, so that what its handler calls is not copied once more. */
final class CopiedStage implements Stage {

  @Override
  public Verdict enter(Call call) {
    call.isCopy = call.header(MirrorStage.MARK) != null;
    return null;
  }

  @Override
  public void leave(Call call) {}
}
