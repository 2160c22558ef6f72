package io.meshagent.core.telemetry.access;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.Stage;
import io.meshagent.core.config.AccessLogFormat;
import io.meshagent.core.config.LogFiles;
import io.meshagent.core.config.LogKeys;
import io.meshagent.core.config.Settings;
import io.meshagent.core.log.Log;
import io.meshagent.core.log.LogWriter;
import io.meshagent.core.log.RotatingFile;
import io.meshagent.core.run.AgentThreads;
import java.util.function.Supplier;

/**
 * Writes a line for each call of the methods whose settings say so, on a thread of its own; what
 * finds no room in its queue is dropped and counted. The engine makes one and asks for a {@link
 * #stage} whenever a method is compiled, so that settings that change count from the next call on.
 * Thread-safe; nothing is made or opened before the first stage.
 */
public final class AccessLog {

  private final Supplier<LogWriter> writers;

  /** Volatile: made by whoever compiles the first method. Null until then. */
  private volatile LogWriter writer;

  AccessLog(Supplier<LogWriter> writers) {
    this.writers = writers;
  }

  /**
   * Where these settings say.
   *
   * @param start as they are when the program starts: the place does not change
   */
  public static AccessLog of(Settings start) {
    return new AccessLog(
        () -> {
          String shared = LogFiles.problem(start);
          if (shared != null) {
            Log.warn(shared);
          }
          String file = shared == null ? start.get(LogKeys.ACCESS_LOG_FILE) : "";
          return LogWriter.ofCalls(
              file.isEmpty()
                  ? null
                  : RotatingFile.of(
                      LogKeys.ACCESS_LOG_FILE.name(),
                      file,
                      start.get(LogKeys.ACCESS_LOG_MAX_MEGABYTES),
                      start.get(LogKeys.ACCESS_LOG_MAX_FILES),
                      Log::warn),
              AgentThreads.named("access-log"));
        });
  }

  /** Writes down the calls of a method; null if these settings do not want that. */
  public Stage stage(Side side, String method, Settings settings) {
    AccessLogFormat format = settings.select(LogKeys.ACCESS_LOG, method).value();
    if (format == AccessLogFormat.OFF || !isWanted(side, method, settings)) {
      return null;
    }
    return new AccessLogStage(
        made(),
        format == AccessLogFormat.JSON ? AccessLine::json : AccessLine::text,
        settings.select(LogKeys.ACCESS_LOG_SAMPLE, method).value());
  }

  private static boolean isWanted(Side side, String method, Settings settings) {
    switch (settings.select(LogKeys.ACCESS_LOG_SIDE, method).value()) {
      case CLIENT:
        return side == Side.CLIENT;
      case SERVER:
        return side == Side.SERVER;
      default:
        return true;
    }
  }

  private synchronized LogWriter made() {
    if (writer == null) {
      writer = writers.get();
    }
    return writer;
  }

  /** Lines that were written. */
  public long written() {
    LogWriter made = writer;
    return made == null ? 0 : made.written();
  }

  /** Lines that found no room, or could not be written. */
  public long dropped() {
    LogWriter made = writer;
    return made == null ? 0 : made.dropped();
  }

  /** Writes what waits, for a moment at most, and lets go of the file. */
  public void close() {
    LogWriter made = writer;
    if (made != null) {
      made.release();
    }
  }
}
