package io.meshagent.core.log;

import java.text.MessageFormat;
import java.util.ResourceBundle;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * What the agent's libraries have in place of the JDK's logger: packaging renames that class to
 * this one in every library, so that gRPC, Guava, protobuf, OpenTelemetry, Netty and Vert.x never
 * touch the logging of the program, whose log manager may not even be chosen yet.
 *
 * <p>Which methods: {@code JulLoggerTest} reads the constant pools of all libraries on the run-time
 * class path and asks for each member of the JDK's logger that one of them names; at the time of
 * writing these are {@code getLogger(String)}, {@code getName}, {@code isLoggable}, {@code fine},
 * {@code finer}, {@code info} and {@code warning} with a String, {@code log(LogRecord)} and {@code
 * log(Level, String)} alone and with an Object, an Object[] and a Throwable. The others are here
 * because the next version of a library may call them.
 *
 * <p>Called on any thread; thread-safe; says nothing below INFO, and the rest at debug level (see
 * {@link LibraryLog}). It must not name the class it stands for: the renaming would make it itself.
 */
public final class JulLogger {

  public static final String GLOBAL_LOGGER_NAME = "global";

  private final String name;

  private JulLogger(String name) {
    this.name = name;
  }

  public static JulLogger getLogger(String name) {
    return new JulLogger(name);
  }

  public static JulLogger getLogger(String name, String bundle) {
    return new JulLogger(name);
  }

  public static JulLogger getAnonymousLogger() {
    return new JulLogger("anonymous");
  }

  public static JulLogger getAnonymousLogger(String bundle) {
    return getAnonymousLogger();
  }

  public static JulLogger getGlobal() {
    return new JulLogger(GLOBAL_LOGGER_NAME);
  }

  public String getName() {
    return name;
  }

  /** Null, as for a logger that inherits its level. */
  public Level getLevel() {
    return null;
  }

  /** The agent's own level decides; this is ignored. */
  public void setLevel(Level level) {}

  /** Null, as for the root logger. */
  public JulLogger getParent() {
    return null;
  }

  public void setParent(JulLogger parent) {}

  public boolean getUseParentHandlers() {
    return false;
  }

  public void setUseParentHandlers(boolean use) {}

  public ResourceBundle getResourceBundle() {
    return null;
  }

  public String getResourceBundleName() {
    return null;
  }

  public boolean isLoggable(Level level) {
    return LibraryLog.isOn() && isHighEnough(level);
  }

  private static boolean isHighEnough(Level level) {
    int value = level.intValue();
    return value >= Level.INFO.intValue() && value != Level.OFF.intValue();
  }

  public void log(LogRecord logRecord) {
    if (isLoggable(logRecord.getLevel())) {
      say(logRecord.getMessage(), logRecord.getParameters(), logRecord.getThrown());
    }
  }

  public void log(Level level, String message) {
    if (isLoggable(level)) {
      say(message, null, null);
    }
  }

  public void log(Level level, Supplier<String> message) {
    if (isLoggable(level)) {
      say(message.get(), null, null);
    }
  }

  public void log(Level level, String message, Object parameter) {
    if (isLoggable(level)) {
      say(message, new Object[] {parameter}, null);
    }
  }

  public void log(Level level, String message, Object[] parameters) {
    if (isLoggable(level)) {
      say(message, parameters, null);
    }
  }

  public void log(Level level, String message, Throwable thrown) {
    if (isLoggable(level)) {
      say(message, null, thrown);
    }
  }

  public void log(Level level, Throwable thrown, Supplier<String> message) {
    if (isLoggable(level)) {
      say(message.get(), null, thrown);
    }
  }

  public void logp(Level level, String sourceClass, String sourceMethod, String message) {
    log(level, message);
  }

  public void logp(Level level, String sourceClass, String sourceMethod, Supplier<String> message) {
    log(level, message);
  }

  public void logp(
      Level level, String sourceClass, String sourceMethod, String message, Object parameter) {
    log(level, message, parameter);
  }

  public void logp(
      Level level, String sourceClass, String sourceMethod, String message, Object[] parameters) {
    log(level, message, parameters);
  }

  public void logp(
      Level level, String sourceClass, String sourceMethod, String message, Throwable thrown) {
    log(level, message, thrown);
  }

  public void logp(
      Level level,
      String sourceClass,
      String sourceMethod,
      Throwable thrown,
      Supplier<String> message) {
    log(level, thrown, message);
  }

  public void entering(String sourceClass, String sourceMethod) {}

  public void entering(String sourceClass, String sourceMethod, Object parameter) {}

  public void entering(String sourceClass, String sourceMethod, Object[] parameters) {}

  public void exiting(String sourceClass, String sourceMethod) {}

  public void exiting(String sourceClass, String sourceMethod, Object result) {}

  public void throwing(String sourceClass, String sourceMethod, Throwable thrown) {}

  public void severe(String message) {
    log(Level.SEVERE, message);
  }

  public void severe(Supplier<String> message) {
    log(Level.SEVERE, message);
  }

  public void warning(String message) {
    log(Level.WARNING, message);
  }

  public void warning(Supplier<String> message) {
    log(Level.WARNING, message);
  }

  public void info(String message) {
    log(Level.INFO, message);
  }

  public void info(Supplier<String> message) {
    log(Level.INFO, message);
  }

  public void config(String message) {}

  public void config(Supplier<String> message) {}

  public void fine(String message) {}

  public void fine(Supplier<String> message) {}

  public void finer(String message) {}

  public void finer(Supplier<String> message) {}

  public void finest(String message) {}

  public void finest(Supplier<String> message) {}

  private void say(String message, Object[] parameters, Throwable thrown) {
    LibraryLog.say(name, format(message, parameters), thrown);
  }

  /** As the JDK's formatters do it: braces mean something only where there are parameters. */
  private static String format(String message, Object[] parameters) {
    if (message == null || parameters == null || parameters.length == 0) {
      return message;
    }
    try {
      return message.indexOf('{') < 0 ? message : MessageFormat.format(message, parameters);
    } catch (IllegalArgumentException e) {
      return message;
    }
  }
}
