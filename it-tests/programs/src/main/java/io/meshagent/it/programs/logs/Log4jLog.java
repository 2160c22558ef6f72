package io.meshagent.it.programs.logs;

import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.ThreadContext;

/** Log4j 2 by its own API. */
final class Log4jLog implements ProgramLog {

  private static final Logger LOG = LogManager.getLogger(Log4jLog.class);

  @Override
  public void log(String line) {
    LOG.info(line);
  }

  @Override
  public void put(String key, String value) {
    ThreadContext.put(key, value);
  }

  @Override
  public void remove(String key) {
    ThreadContext.remove(key);
  }

  @Override
  public void clear() {
    ThreadContext.clearMap();
  }
}
