package io.meshagent.core.config;

import io.meshagent.core.policy.Policies;

/** Settings as the agent reads them, with the keys of all policies. */
public final class TestSettings {

  public static final KnownKeys KEYS = Policies.keys();

  private TestSettings() {}

  public static Settings defaults() {
    return Settings.defaults(KEYS);
  }

  public static Settings loadText(String shownAs, String text) {
    return ConfigLoader.loadText(KEYS, shownAs, text);
  }
}
