package io.meshagent.core.console.publish;

import io.meshagent.core.run.TaskLoop;
import io.meshagent.core.telemetry.metrics.EndedCalls;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * Tells now and then how the calls of this program go, if anybody wants to know: what the last
 * minute was like, when that is news, or was told long ago and is not the same any more. Whatever
 * the program does, etcd gets no more than {@value #BYTES_A_SECOND} bytes a second of it on the
 * average. {@link #become} is for any thread; the rest is confined to the loop, whose thread starts
 * only if it is wanted.
 */
public final class CallPublisher {

  static final int BYTES_A_SECOND = 100;

  /** So that what happens after a calm time is told at once. */
  static final int MOST_SAVED_BYTES = 6_000;

  /**
   * A key that is replaced takes two transactions: the first finds out what is there, and brings it
   * back.
   */
  private static final int TIMES_ON_THE_WIRE = 3;

  /** Keys, frames and headers of both. */
  private static final int AROUND_BYTES = 600;

  private static final int LOOKS = 4;
  private static final double WINDOW_SECONDS = 60;
  private static final long REFRESH_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final TaskLoop loop;
  private final Supplier<Map<String, EndedCalls>> counts;
  private final Supplier<List<BadInstance>> bad;
  private final Supplier<Map<String, String>> who;
  private final Consumer<String> out;
  private final DoubleSupplier random;

  /** Volatile: compared by whoever brings settings, without a task. */
  private volatile Duration every = Duration.ZERO;

  /** What the counters said and when, the eldest first. */
  private final Deque<Look> looks = new ArrayDeque<>();

  private CallSummary told;
  private String toldText;
  private long toldAt;
  private double savedBytes = MOST_SAVED_BYTES;
  private long savedAt;
  private TaskLoop.Timer next = TaskLoop.Timer.NONE;

  /**
   * @param loop closed by whoever made it
   * @param counts how calls have ended so far, by method
   * @param bad the instances that get no calls now
   * @param who what the program says of itself, by name
   * @param out takes what is to stand in etcd, null for nothing
   * @param random from 0 to below 1
   */
  public CallPublisher(
      TaskLoop loop,
      Supplier<Map<String, EndedCalls>> counts,
      Supplier<List<BadInstance>> bad,
      Supplier<Map<String, String>> who,
      Consumer<String> out,
      DoubleSupplier random) {
    this.loop = loop;
    this.counts = counts;
    this.bad = bad;
    this.who = who;
    this.out = out;
    this.random = random;
  }

  /** Looks so often from now on; not at all if it is zero, and what was told goes. */
  public void become(Duration wanted) {
    if (!wanted.equals(every)) {
      every = wanted;
      loop.execute(this::begin);
    }
  }

  private void begin() {
    next.cancel();
    looks.clear();
    if (!every.isZero()) {
      savedAt = loop.nanoTime();
      look();
      // Programs that were started together do not write together.
      next = loop.after((long) (every.toNanos() * random.getAsDouble()), this::turn);
    } else if (told != null) {
      told = null;
      out.accept(null);
    }
  }

  private void turn() {
    // Planned first: what is asked may throw.
    next = loop.after((long) (every.toNanos() * (0.8 + 0.4 * random.getAsDouble())), this::turn);
    CallSummary now = look();
    boolean isOld = loop.nanoTime() - toldAt >= REFRESH_NANOS;
    if (told == null || isOld || now.isNews(told)) {
      tell(now);
    }
  }

  private CallSummary look() {
    long now = loop.nanoTime();
    double windowNanos = Math.max(WINDOW_SECONDS, every.toMillis() / 1e3) * 1e9;
    Look latest = new Look(now, counts.get());
    Look first = looks.isEmpty() ? latest : looks.peekFirst();
    Map<String, EndedCalls> meanwhile = new HashMap<>();
    latest.ended.forEach(
        (method, ended) -> {
          EndedCalls before = first.ended.get(method);
          // What was not there at the first look has begun since.
          meanwhile.put(method, before == null ? ended : ended.since(before));
        });
    // Few are kept, however short the time between two is.
    if (looks.isEmpty() || now - looks.peekLast().at >= windowNanos / LOOKS) {
      looks.add(latest);
    }
    while (looks.size() > LOOKS) {
      looks.removeFirst();
    }
    return new CallSummary(meanwhile, Math.max(1e-3, (now - first.at) / 1e9), bad.get());
  }

  private void tell(CallSummary summary) {
    long now = loop.nanoTime();
    savedBytes = Math.min(MOST_SAVED_BYTES, savedBytes + BYTES_A_SECOND * ((now - savedAt) / 1e9));
    savedAt = now;
    String text = summary.json(who.get());
    if (text.equals(toldText) && told != null) {
      toldAt = now;
      return;
    }
    int costs = TIMES_ON_THE_WIRE * text.getBytes(StandardCharsets.UTF_8).length + AROUND_BYTES;
    // One that costs more than can be saved is told when all is saved, and paid for later.
    if (savedBytes >= Math.min(costs, MOST_SAVED_BYTES)) {
      savedBytes -= costs;
      told = summary;
      toldText = text;
      toldAt = now;
      out.accept(text);
    }
  }

  /** What was counted at one moment. */
  private static final class Look {
    final long at;
    final Map<String, EndedCalls> ended;

    Look(long at, Map<String, EndedCalls> ended) {
      this.at = at;
      this.ended = ended;
    }
  }
}
