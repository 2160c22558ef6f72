package io.meshagent.it.programs.logs;

import org.jboss.logmanager.Level;
import org.jboss.logmanager.Logger;
import org.jboss.logmanager.MDC;

/** JBoss's log manager in the place of the JDK's. */
final class JbossLog implements ProgramLog {

  private static final Logger LOG = Logger.getLogger(JbossLog.class.getName());

  @Override
  public void log(String line) {
    LOG.log(Level.INFO, line);
  }

  @Override
  public void put(String key, String value) {
    String unused = MDC.put(key, value);
  }

  @Override
  public void remove(String key) {
    String unused = MDC.remove(key);
  }

  @Override
  public void clear() {
    MDC.clear();
  }
}
