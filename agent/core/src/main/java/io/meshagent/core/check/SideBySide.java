package io.meshagent.core.check;

import io.meshagent.core.run.AgentThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Runs looks on threads of their own and gathers what they see, in their order. Waits for none of
 * them longer than for all.
 */
final class SideBySide {

  /** For a look whose own wait ended with the time, to say so. */
  private static final int LAST_WORDS_MILLIS = 300;

  private SideBySide() {}

  static List<Finding> run(List<Look> looks, TimeLimit limit) {
    List<Run> runs = new ArrayList<>();
    for (Look look : looks) {
      Run run = new Run(look);
      runs.add(run);
      AgentThreads.newThread("check", run).start();
    }
    List<Finding> all = new ArrayList<>();
    for (Run run : runs) {
      all.addAll(run.findings(limit.leftMillis() + LAST_WORDS_MILLIS));
    }
    return all;
  }

  /** One look under way. */
  private static final class Run implements Runnable {
    private final Look look;
    private final CountDownLatch over = new CountDownLatch(1);

    /** Guarded by itself. */
    private final List<Finding> seen = new ArrayList<>();

    Run(Look look) {
      this.look = look;
    }

    @Override
    public void run() {
      try {
        look.look(this::tell);
      } catch (RuntimeException | LinkageError e) {
        Finding late = look.late();
        tell(
            Finding.wrong(
                late.look(), "the agent could not look at this (" + e + ")", "report it"));
      } finally {
        over.countDown();
      }
    }

    private void tell(Finding finding) {
      synchronized (seen) {
        seen.add(finding);
      }
    }

    List<Finding> findings(int millis) {
      boolean ended = false;
      try {
        ended = over.await(millis, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      synchronized (seen) {
        List<Finding> all = new ArrayList<>(seen);
        if (!ended) {
          all.add(look.late());
        }
        return all;
      }
    }
  }
}
