package org.jboss.logmanager;

/** Is there where a program logs by it. */
public final class Logger {
  private Logger() {}
}
