package io.meshagent.core.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The settings of what is written down: the agent's own log, the access log of calls, and what the
 * Flight Recorder is told.
 */
public final class LogKeys {

  public static final Key<String> FILE =
      Key.of(
              "log.file",
              Types.path(),
              "",
              "A file that the agent's own log goes to; %p in its name is the number of the"
                  + " process.")
          .defaultMeans("the error stream");
  public static final Key<Integer> MAX_MEGABYTES =
      Key.of(
          "log.max-megabytes",
          Types.number(1, 10_000),
          "10",
          "How long log.file may become before it is begun anew.");
  public static final Key<Integer> MAX_FILES =
      Key.of(
          "log.max-files",
          Types.number(1, 100),
          "3",
          "How many files log.file has at most: itself and what it was before, .1, .2 and so on.");

  public static final Key<AccessLogFormat> ACCESS_LOG =
      Key.live(
              "access-log",
              Types.oneOf(AccessLogFormat.class),
              "off",
              "Whether each call gets a line in the access log, and how that is written.")
          .perMethod();
  public static final Key<AccessLogSide> ACCESS_LOG_SIDE =
      Key.live(
              "access-log.side",
              Types.oneOf(AccessLogSide.class),
              "both",
              "Whether calls are written that this program makes (client), that it serves (server),"
                  + " or both.")
          .perMethod();
  public static final Key<Double> ACCESS_LOG_SAMPLE =
      Key.live(
              "access-log.sample",
              Types.fraction(),
              "1.0",
              "The share of calls that get a line of those that end with OK; all others always get"
                  + " one.")
          .perMethod();
  public static final Key<String> ACCESS_LOG_FILE =
      Key.of(
              "access-log.file",
              Types.path(),
              "",
              "A file that the access log goes to; %p in its name is the number of the process.")
          .defaultMeans("the error stream");
  public static final Key<Integer> ACCESS_LOG_MAX_MEGABYTES =
      Key.of(
          "access-log.max-megabytes",
          Types.number(1, 10_000),
          "100",
          "How long access-log.file may become before it is begun anew.");
  public static final Key<Integer> ACCESS_LOG_MAX_FILES =
      Key.of(
          "access-log.max-files",
          Types.number(1, 100),
          "5",
          "How many files access-log.file has at most: itself and what it was before, .1, .2 and so"
              + " on.");

  public static final Key<Duration> FLIGHT_SLOW_CALL =
      Key.live(
          "flight-recorder.slow-call",
          Types.durationOrOff(Duration.ofMillis(1), Duration.ofHours(1)),
          "1s",
          "How long a call takes that is told to the JVM's Flight Recorder, while that records.");

  private LogKeys() {}

  /** All of them, in the order of the reference. */
  static List<Key<?>> all() {
    return Collections.unmodifiableList(
        Arrays.<Key<?>>asList(
            FILE,
            MAX_MEGABYTES,
            MAX_FILES,
            ACCESS_LOG,
            ACCESS_LOG_SIDE,
            ACCESS_LOG_SAMPLE,
            ACCESS_LOG_FILE,
            ACCESS_LOG_MAX_MEGABYTES,
            ACCESS_LOG_MAX_FILES,
            FLIGHT_SLOW_CALL));
  }
}
