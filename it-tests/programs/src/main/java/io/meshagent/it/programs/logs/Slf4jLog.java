package io.meshagent.it.programs.logs;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** SLF4J, whatever stands behind it. */
final class Slf4jLog implements ProgramLog {

  private static final Logger LOG = LoggerFactory.getLogger(Slf4jLog.class);

  @Override
  public void log(String line) {
    LOG.info(line);
  }

  @Override
  public void put(String key, String value) {
    MDC.put(key, value);
  }

  @Override
  public void remove(String key) {
    MDC.remove(key);
  }

  @Override
  public void clear() {
    MDC.clear();
  }
}
