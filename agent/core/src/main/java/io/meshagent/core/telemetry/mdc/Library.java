package io.meshagent.core.telemetry.mdc;

/** The logging libraries with a log context of their own. */
enum Library {
  SLF4J("org.slf4j.LoggerFactory", "org.slf4j.MDC"),
  LOG4J("org.apache.logging.log4j.LogManager", "org.apache.logging.log4j.ThreadContext"),
  JBOSS("org.jboss.logmanager.Logger", "org.jboss.logmanager.MDC");

  /** Loaded by whoever logs with it, and by nobody else. */
  final String logger;

  /** Has the static methods {@code put}, {@code get} and {@code remove}. */
  final String mdc;

  Library(String logger, String mdc) {
    this.logger = logger;
    this.mdc = mdc;
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
