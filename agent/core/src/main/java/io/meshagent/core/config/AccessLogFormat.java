package io.meshagent.core.config;

/** How a call is written into the access log, if at all. */
public enum AccessLogFormat {
  OFF,
  JSON,
  TEXT
}
