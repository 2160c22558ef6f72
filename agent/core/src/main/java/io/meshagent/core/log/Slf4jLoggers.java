package io.meshagent.core.log;

import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * What the agent's libraries have in place of SLF4J's {@code LoggerFactory}: packaging leaves that
 * class out and renames it to this one wherever it is named, SLF4J itself included.
 *
 * <p>SLF4J's own looks for its provider when it is first asked. A thread that asks while another
 * still looks gets a stand-in, and SLF4J prints seven lines about it on the error stream of the
 * program. Here nothing is looked for: the provider is there once the class is. It saves the search
 * for a service file at the start, too.
 *
 * <p>Which methods: {@code Slf4jLoggersTest} asks for each that a library names. Called on any
 * thread; thread-safe. It must not name the class it stands for: the renaming would make it itself.
 */
public final class Slf4jLoggers {

  private static final LibraryLogProvider PROVIDER = new LibraryLogProvider();

  private Slf4jLoggers() {}

  public static Logger getLogger(String name) {
    return PROVIDER.getLogger(name);
  }

  public static Logger getLogger(Class<?> type) {
    return PROVIDER.getLogger(type.getName());
  }

  public static ILoggerFactory getILoggerFactory() {
    return PROVIDER;
  }

  /** SLF4J's own classes for markers and the diagnostic context ask for this. */
  public static SLF4JServiceProvider getProvider() {
    return PROVIDER;
  }
}
