package io.meshagent.core.telemetry.mdc;

/** The logging libraries with a log context of their own. */
enum Library {
  // In two parts: packaging renames a class of the agent's SLF4J, also in constants.
  SLF4J("org.slf4j", "LoggerFactory", "MDC"),
  LOG4J("org.apache.logging.log4j", "LogManager", "ThreadContext"),
  JBOSS("org.jboss.logmanager", "Logger", "MDC");

  /** Loaded by whoever logs with it, and by nobody else. */
  final String logger;

  /** Has the static methods {@code put}, {@code get} and {@code remove}. */
  final String mdc;

  Library(String packageName, String logger, String mdc) {
    this.logger = packageName + '.' + logger;
    this.mdc = packageName + '.' + mdc;
  }

  /** The library that a class is the logger of; null for none. */
  static Library of(String logger) {
    if (logger.startsWith("org.")) {
      for (Library each : values()) {
        if (each.logger.equals(logger)) {
          return each;
        }
      }
    }
    return null;
  }
}
