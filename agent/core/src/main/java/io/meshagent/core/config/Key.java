package io.meshagent.core.config;

import java.util.Locale;

/**
 * One setting as code knows it: its name, type, default and one sentence. All of them stand in
 * {@link Keys}. Immutable; equal only to itself.
 */
public final class Key<T> {

  private final String name;
  private final Type<T> type;
  private final String defaultText;
  private final T defaultValue;
  private final String defaultMeaning;
  private final String sentence;
  private final boolean selectable;
  private final boolean secret;

  private Key(
      String name,
      Type<T> type,
      String defaultText,
      String defaultMeaning,
      String sentence,
      boolean selectable,
      boolean secret) {
    Parsed<T> parsed = type.parse(defaultText);
    if (parsed.isProblem()) {
      throw new IllegalArgumentException(name + ": the default " + parsed.problem());
    }
    this.name = name;
    this.type = type;
    this.defaultText = defaultText;
    this.defaultValue = parsed.value();
    this.defaultMeaning = defaultMeaning;
    this.sentence = sentence;
    this.selectable = selectable;
    this.secret = secret;
  }

  static <T> Key<T> of(String name, Type<T> type, String defaultText, String sentence) {
    return new Key<>(name, type, defaultText, "", sentence, false, false);
  }

  /** The same for a key whose value may differ by method: {@code name@selector=value}. */
  Key<T> perMethod() {
    return new Key<>(name, type, defaultText, defaultMeaning, sentence, true, secret);
  }

  /** The same for a key whose default stands for something that only the running program knows. */
  Key<T> defaultMeans(String meaning) {
    return new Key<>(name, type, defaultText, meaning, sentence, selectable, secret);
  }

  /** The same for a key whose value is never shown. */
  Key<T> neverShown() {
    return new Key<>(name, type, defaultText, defaultMeaning, sentence, selectable, true);
  }

  /** {@code client.timeout}. */
  public String name() {
    return name;
  }

  /** The environment variable of the same meaning, {@code MESH_CLIENT_TIMEOUT}. */
  public String environmentName() {
    return "MESH_" + name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }

  public Type<T> type() {
    return type;
  }

  public T defaultValue() {
    return defaultValue;
  }

  /** The default as it would be written in a file. */
  public String defaultText() {
    return defaultText;
  }

  /** What the default stands for, in words; empty if it speaks for itself. */
  public String defaultMeaning() {
    return defaultMeaning;
  }

  /** What the setting does, for people. */
  public String sentence() {
    return sentence;
  }

  /** Whether {@code name@selector=value} is allowed. */
  public boolean isSelectable() {
    return selectable;
  }

  public boolean isSecret() {
    return secret;
  }

  @Override
  public String toString() {
    return name;
  }
}
