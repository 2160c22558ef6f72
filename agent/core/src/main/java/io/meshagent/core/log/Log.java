package io.meshagent.core.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.UnsupportedEncodingException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The agent's own log. It writes to the process' error stream itself, not to {@code System.err},
 * which a program may have turned into a logger of its own. Thread-safe; a line is written whole.
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

  private static final PrintStream ERR = openErrorStream();

  /** What {@link #warnOnce} has said already; bounded, because keys can come from outside. */
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  private static final int MOST_SAID = 1_000;

  /** Volatile: set once by the engine's start, read by every thread. */
  private static volatile Level level = Level.WARN;

  private Log() {}

  private static PrintStream openErrorStream() {
    try {
      return new PrintStream(new FileOutputStream(FileDescriptor.err), true, "UTF-8");
    } catch (UnsupportedEncodingException e) {
      throw new AssertionError("every JVM has UTF-8", e);
    }
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
    synchronized (ERR) {
      cause.printStackTrace(ERR);
    }
  }

  private static void write(Level atLeast, String word, String sentence) {
    if (level.ordinal() < atLeast.ordinal()) {
      return;
    }
    String time = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    String line = time + " [mesh-agent] " + word + ": " + sentence.replace('\n', ' ');
    synchronized (ERR) {
      ERR.println(line);
    }
  }
}
