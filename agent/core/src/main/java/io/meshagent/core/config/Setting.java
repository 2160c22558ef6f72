package io.meshagent.core.config;

/** One setting that is in force and where it comes from, for the admin page. Immutable. */
public final class Setting {

  private final Key<?> key;
  private final String selector;
  private final String value;
  private final String source;

  Setting(Key<?> key, String selector, String value, String source) {
    this.key = key;
    this.selector = selector;
    this.value = value;
    this.source = source;
  }

  public Key<?> key() {
    return key;
  }

  /** The key as it would be written, {@code client.timeout@helloworld.Greeter}. */
  public String name() {
    return key.name(selector);
  }

  /** The value as it may be shown: a secret is not. */
  public String value() {
    return value;
  }

  /** {@code default}, {@code FILE:LINE}, {@code MESH_…} or {@code -Dmesh.…}. */
  public String source() {
    return source;
  }

  public boolean isDefault() {
    return source.equals(Settings.DEFAULT);
  }
}
