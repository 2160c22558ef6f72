package io.meshagent.core.policy.shed;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.TestAgent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Shedding, against a server of four threads that is only simulated and whose CPU is busy. */
class OverloadedServerTest {

  private static final int THREADS = 4;
  private static final long MILLIS = 10;

  private final TestAgent mesh = new TestAgent();
  private final TestLoop loop = new TestLoop();
  private double cpu = 0.5;
  private final Shedding shedding = new Shedding(mesh, new CpuLoad(() -> () -> cpu, loop));
  private final CallPlan plan = new CallPlan(Side.SERVER, "a.B/C", null);

  /** Those that wait for a thread or have one, with the millisecond in which each is done. */
  private final Queue<Call> calls = new ArrayDeque<>();

  private final Queue<Long> done = new ArrayDeque<>();
  private final long[] freeAt = new long[THREADS];
  private long now;
  private int answered;
  private int refused;
  private long longest;

  private void offer(int everyMillis, int atOnce, int seconds) {
    answered = 0;
    refused = 0;
    longest = 0;
    for (long end = now + seconds * 1_000L; now < end; now++) {
      mesh.pass(Duration.ofMillis(1));
      while (!done.isEmpty() && done.peek() <= now) {
        long unused = done.remove();
        Call call = calls.remove();
        longest = Math.max(longest, call.elapsedNanos() / 1_000_000);
        call.end(Outcome.OK);
        answered++;
      }
      for (int i = 0; now % everyMillis == 0 && i < atOnce; i++) {
        come();
      }
      if (now % 500 == 0) {
        boolean unused = loop.step();
      }
    }
  }

  private void come() {
    Call call = mesh.call(plan);
    if (call.admit() != null) {
      refused++;
      return;
    }
    int first = 0;
    for (int i = 1; i < THREADS; i++) {
      first = freeAt[i] < freeAt[first] ? i : first;
    }
    freeAt[first] = Math.max(now, freeAt[first]) + MILLIS;
    calls.add(call);
    done.add(freeAt[first]);
  }

  @Test
  void three_times_what_a_server_can_do_leaves_it_busy_and_its_queue_short() {
    plan.install(new Stage[] {new ShedStage(shedding, 80)}, 0);
    // 200 a second of the 400 that it can do.
    offer(5, 1, 10);
    assertThat(refused).isZero();

    // 1,200 a second; the CPU is seen to be busy two or three seconds later.
    cpu = 1;
    offer(5, 6, 20);
    int backlog = calls.size();
    offer(5, 6, 60);
    assertThat(answered).as("of 24,000 that can be; %s wait", backlog).isGreaterThan(21_600);
    assertThat(longest).as("10 ms if there were no queue").isLessThan(100);

    cpu = 0.5;
    offer(5, 1, 10);
    offer(5, 1, 10);
    assertThat(refused).isZero();
  }
}
