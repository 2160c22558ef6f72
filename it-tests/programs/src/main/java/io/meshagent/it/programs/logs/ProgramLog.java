package io.meshagent.it.programs.logs;

/** A logging library with its log context. Thread-safe as that is. */
public interface ProgramLog {

  /** Writes a line. */
  void log(String line);

  /** Puts a value for the lines of this thread. */
  void put(String key, String value);

  /** Takes it out. */
  void remove(String key);

  /** Takes out all. */
  void clear();

  /** The library of that name: {@code slf4j}, {@code log4j2} or {@code jboss}. */
  static ProgramLog of(String library) {
    switch (library) {
      case "slf4j":
        return new Slf4jLog();
      case "log4j2":
        return new Log4jLog();
      case "jboss":
        return new JbossLog();
      default:
        throw new IllegalArgumentException(library);
    }
  }
}
