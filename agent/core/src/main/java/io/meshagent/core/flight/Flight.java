package io.meshagent.core.flight;

import java.nio.file.Paths;
import java.util.concurrent.TimeUnit;

/**
 * Tells the JVM's Flight Recorder what people look for in an incident. Called by whatever it
 * happens in, on any thread; does not block, and costs one look at a field while nobody records.
 * None of the recorder's classes is loaded by that: somebody has to {@link #look} now and then.
 * Thread-safe.
 */
public final class Flight {

  /** What comes from others may be long. */
  private static final int LONGEST = 1_000;

  /** Volatile: set when somebody was found to record, read by all. Null until then. */
  private static volatile RecordedEvents events;

  /** This JVM has no recorder, or ours does not fit it. Only who looks asks. */
  private static boolean unavailable;

  /** Volatile: changed while calls flow. */
  private static volatile long slowNanos = TimeUnit.SECONDS.toNanos(1);

  private Flight() {}

  /** Finds out whether somebody records. For one thread, which may take its time. */
  public static void look() {
    if (events != null || unavailable) {
      return;
    }
    try {
      if (RecordedEvents.isRecorderThere()) {
        events = new RecordedEvents();
      }
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      unavailable = true;
    }
  }

  /**
   * The first look, as the agent starts: where nothing on the command line speaks of recording it
   * would load classes for nobody.
   */
  public static void lookAtStart() {
    if (CommandLine.asksForRecording(Paths.get("/proc/self/cmdline"), System.getenv())) {
      look();
    }
  }

  /** Whether there is anybody to tell. */
  public static boolean isOn() {
    return events != null;
  }

  /** Calls that take at least as long are told of; 0 for none. */
  public static void slowFrom(long nanos) {
    slowNanos = nanos;
  }

  /** Whether a call that took so long is one to tell of. */
  public static boolean isSlow(long nanos) {
    long slow = slowNanos;
    return slow > 0 && nanos >= slow;
  }

  /**
   * A call has ended that took long.
   *
   * @param peer who answered, null if that is not known
   * @param traceparent the trace that it belongs to, or null
   */
  public static void slowCall(
      String side, String method, String status, long nanos, Object peer, String traceparent) {
    write(
        EventKind.SLOW_CALL,
        side,
        cut(method),
        status,
        nanos,
        peer == null ? null : peer.toString(),
        cut(traceparent));
  }

  /** A policy has refused a call. */
  public static void refused(
      String side, String method, String status, String policy, String description) {
    write(EventKind.REFUSAL, side, cut(method), status, policy, cut(description));
  }

  /**
   * A breaker has changed.
   *
   * @param of the method or service
   * @param state {@code open} or {@code closed}
   */
  public static void circuit(String of, String state, String why) {
    write(EventKind.CIRCUIT, cut(of), state, cut(why));
  }

  /**
   * An instance gets no calls for a while, or calls again.
   *
   * @param state {@code ejected}, {@code reported} or {@code back}
   */
  public static void ejection(String service, String instance, String state, String why) {
    write(EventKind.EJECTION, cut(service), instance, state, cut(why));
  }

  /** The agent has something to say. */
  public static void notice(String level, String sentence) {
    write(EventKind.NOTICE, level, cut(sentence));
  }

  private static void write(EventKind kind, Object... values) {
    RecordedEvents to = events;
    if (to == null) {
      return;
    }
    try {
      to.write(kind, values);
    } catch (Throwable e) {
      // No memory, or a recorder that ends. The next one may come through.
    }
  }

  private static String cut(String text) {
    return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
