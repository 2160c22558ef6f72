package io.meshagent.core.config;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Whether the agent's own log and the access log would go to one file. Stateless. */
public final class LogFiles {

  private LogFiles() {}

  /**
   * Two who write to one file and begin it anew cut each other's lines.
   *
   * @return why the access log goes to the error stream, in one sentence; null if nothing is wrong
   */
  public static String problem(Settings settings) {
    String log = settings.get(LogKeys.FILE);
    String calls = settings.get(LogKeys.ACCESS_LOG_FILE);
    return log.isEmpty() || calls.isEmpty() || !isSame(log, calls)
        ? null
        : "access-log.file and log.file are the same file, so the access log goes to the error"
            + " stream; give each its own";
  }

  private static boolean isSame(String one, String other) {
    try {
      Path first = new File(one).getAbsoluteFile().toPath().normalize();
      Path second = new File(other).getAbsoluteFile().toPath().normalize();
      return first.equals(second)
          || (Files.exists(first)
              && Files.exists(second)
              && Files.isRegularFile(first)
              && Files.isSameFile(first, second));
    } catch (InvalidPathException | IOException e) {
      // Whoever opens them says so.
      return one.equals(other);
    }
  }
}
