package io.meshagent.core.config;

/** Whose calls are written into the access log. */
public enum AccessLogSide {
  BOTH,
  CLIENT,
  SERVER
}
