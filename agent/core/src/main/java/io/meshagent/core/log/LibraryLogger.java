package io.meshagent.core.log;

import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** One SLF4J logger of a library; see {@link LibraryLog} for what becomes of its lines. */
final class LibraryLogger extends LegacyAbstractLogger {

  LibraryLogger(String name) {
    this.name = name;
  }

  @Override
  public boolean isTraceEnabled() {
    return false;
  }

  @Override
  public boolean isDebugEnabled() {
    return false;
  }

  @Override
  public boolean isInfoEnabled() {
    return LibraryLog.isOn();
  }

  @Override
  public boolean isWarnEnabled() {
    return LibraryLog.isOn();
  }

  @Override
  public boolean isErrorEnabled() {
    return LibraryLog.isOn();
  }

  @Override
  protected String getFullyQualifiedCallerName() {
    return null;
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level, Marker marker, String pattern, Object[] arguments, Throwable cause) {
    LibraryLog.say(name, MessageFormatter.basicArrayFormat(pattern, arguments), cause);
  }
}
