package io.meshagent.core.log;

import io.meshagent.core.flight.Flight;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;

/**
 * The agent's own log. It writes to the process' error stream itself, not to {@code System.err},
 * which a program may have turned into a logger of its own. Thread-safe and never waits: another
 * thread writes, see {@link LogWriter}. A line is written whole, and what others had a hand in (an
 * entry of the directory, a description) can neither end it nor steer a terminal.
 */
public final class Log {

  /** How much is said. The start-up line is always said unless the level is {@link #OFF}. */
  public enum Level {
    OFF,
    ERROR,
    WARN,
    INFO,
    DEBUG
  }

  private static final LogWriter WRITER = LogWriter.toErrorStream();
  private static final RecentLines RECENT = new RecentLines();

  /** What {@link #warnOnce} has said already; bounded, because keys can come from outside. */
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  private static final String LINE_END = System.lineSeparator();

  private static final int MOST_SAID = 1_000;

  /** Volatile: set once by the engine's start, read by every thread. */
  private static volatile Level level = Level.WARN;

  private Log() {}

  /** Who makes the thread that writes; at the start of the agent, before the first line. */
  public static void useThreads(ThreadFactory threads) {
    WRITER.useThreads(threads);
  }

  /** Where lines go from now on, in the place of the error stream. */
  public static void writeTo(RotatingFile file) {
    WRITER.writeTo(file);
  }

  /** Lines that found no room in the queue, or could not be written. */
  public static long dropped() {
    return WRITER.dropped();
  }

  public static void setLevel(Level newLevel) {
    level = newLevel;
  }

  public static boolean isDebug() {
    return level.ordinal() >= Level.DEBUG.ordinal();
  }

  /** The one line that is said at every level but OFF: what the agent did at start. */
  public static void announce(String sentence) {
    write(Level.ERROR, "info", sentence);
  }

  public static void error(String sentence) {
    write(Level.ERROR, "error", sentence);
  }

  public static void warn(String sentence) {
    write(Level.WARN, "warn", sentence);
  }

  /** A warning that would repeat itself: said once for each key. */
  public static void warnOnce(String key, String sentence) {
    if (SAID.size() < MOST_SAID && SAID.add(key)) {
      warn(sentence);
    }
  }

  public static void info(String sentence) {
    write(Level.INFO, "info", sentence);
  }

  public static void debug(String sentence) {
    write(Level.DEBUG, "debug", sentence);
  }

  /** The same with a cause, whose stack trace is shown at debug level only. */
  public static void warn(String sentence, Throwable cause) {
    warn(sentence + " (" + cause + ")");
    if (isDebug()) {
      printStackTrace(cause);
    }
  }

  /** A debug line, followed by the stack trace of its cause; the cause may be null. */
  public static void debug(String sentence, Throwable cause) {
    debug(sentence);
    if (cause != null && isDebug()) {
      printStackTrace(cause);
    }
  }

  private static void printStackTrace(Throwable cause) {
    StringWriter trace = new StringWriter();
    cause.printStackTrace(new PrintWriter(trace, true));
    WRITER.write(trace.toString());
  }

  private static void write(Level atLeast, String word, String sentence) {
    boolean said = level.ordinal() >= atLeast.ordinal();
    if (!said && atLeast == Level.DEBUG) {
      return;
    }
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    String printable = Printable.of(sentence);
    if (atLeast != Level.DEBUG) {
      RECENT.add(now, word, printable);
      if (Flight.isOn()) {
        Flight.notice(word, printable);
      }
    }
    if (said) {
      WRITER.write(now + " [mesh-agent] " + word + ": " + printable + LINE_END);
    }
  }

  /** What was said last, or would have been with {@link Level#INFO}; the youngest first. */
  public static List<LogLine> recent() {
    return RECENT.all();
  }

  /** The agent lets go of the program: nothing of its log is to remain. */
  public static void release() {
    RECENT.clear();
    WRITER.release();
  }

  /**
   * Waits until all that was said is written, for the end of the JVM.
   *
   * @return false if the time was over before
   */
  public static boolean flush(long millis) {
    return WRITER.flush(millis);
  }
}
