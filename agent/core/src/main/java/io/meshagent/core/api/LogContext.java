package io.meshagent.core.api;

/**
 * Where the log lines of the program find the ids of the trace that they belong to: the MDC of each
 * logging library that it uses. Thread-safe, and throws nothing. {@link #enter} and {@link #leave}
 * come in pairs on one thread, around code of the program's, and may be nested.
 */
public interface LogContext {

  /**
   * Puts the ids there.
   *
   * @param trace 32 hex digits
   * @param span 16 hex digits
   * @return what {@link #leave} is to be given; null if nothing was put
   */
  Object enter(String trace, String span);

  /**
   * Takes out what was put, and brings back what was there before. What the program has changed
   * meanwhile stays as it is.
   *
   * @param entered from {@link #enter}, or null
   */
  void leave(Object entered);
}
