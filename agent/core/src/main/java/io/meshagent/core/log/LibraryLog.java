package io.meshagent.core.log;

/**
 * Where the two ends for libraries' logging meet. What a library holds for an error is at most a
 * detail of something that the agent itself reports in a sentence, so every line goes out at debug
 * level, under the library's logger name. What a library itself says at debug level or below is
 * never said: Netty alone writes a line for each HTTP/2 frame there.
 *
 * <p>Called on any thread; does not block beyond {@link Log}; thread-safe.
 */
final class LibraryLog {

  private LibraryLog() {}

  /** Whether a line would be said at all; one volatile read. */
  static boolean isOn() {
    return Log.isDebug();
  }

  static void say(String logger, String message, Throwable cause) {
    if (!Log.isDebug()) {
      return;
    }
    Log.debug(logger + ": " + message, cause);
  }
}
