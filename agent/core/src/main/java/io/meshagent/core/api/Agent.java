package io.meshagent.core.api;

/**
 * What the agent does for all code of its own that runs in a program: time, threads, and somebody
 * to tell. One per JVM; every method is thread-safe, never waits for I/O and throws nothing.
 */
public interface Agent {

  /** The engine's clock, nanoseconds, as {@link System#nanoTime}. */
  long nanoTime();

  /**
   * Runs what calls into the program's gRPC, one after the other, on a thread of the engine that
   * ends when it has nothing to do. What that code leaves in the locals of its thread would keep a
   * closed web application from being collected, so no thread that lives on may run it.
   */
  void asGuest(Runnable task);

  /** The same for what takes long, and must not hold up what {@link #asGuest} is given. */
  default void asSlowGuest(Runnable task) {
    asGuest(task);
  }

  /**
   * Runs a task as {@link #asGuest} does, not before the time has passed.
   *
   * @return cancels it, which has no effect once it has begun
   */
  Runnable after(long nanos, Runnable task);

  /** Something of ours failed and was survived: counted, and logged once per place. */
  void failed(String place, Throwable cause);

  /**
   * A fact that whoever runs the program should know, on the agent's own log at warning level: each
   * sentence once.
   */
  void warn(String sentence);

  /** The same each time that it happens; how often that may be is for the caller to see to. */
  default void news(String sentence) {
    warn(sentence);
  }
}
