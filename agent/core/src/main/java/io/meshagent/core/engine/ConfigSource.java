package io.meshagent.core.engine;

import io.meshagent.core.config.ConfigLoader;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.Policies;
import java.nio.file.Path;
import java.util.Properties;

/** Where the configuration of this JVM stands, to be read again and again. Immutable. */
final class ConfigSource {

  private final String argument;
  private final Path jar;

  /** As they were at the start: what the program sets later is its own. */
  private final Properties system = new Properties();

  /**
   * @param argument of the agent; may be null
   */
  ConfigSource(String argument, Path jar) {
    this.argument = argument;
    this.jar = jar;
    Properties now = System.getProperties();
    now.stringPropertyNames().forEach(name -> system.setProperty(name, now.getProperty(name)));
  }

  Settings read() {
    return ConfigLoader.load(Policies.keys(), argument, jar, System.getenv(), system);
  }
}
