package io.meshagent.core.config;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * One setting as code knows it: its name, type, default and one sentence. All that there are stand
 * in {@link KnownKeys}. Immutable; equal only to itself.
 */
public final class Key<T> {

  private enum Trait {
    PER_METHOD,
    PER_SERVICE,
    LIVE,
    SECRET
  }

  private final String name;
  private final Type<T> type;
  private final String defaultText;
  private final T defaultValue;
  private final String defaultMeaning;
  private final String sentence;
  private final Set<Trait> traits;

  private Key(
      String name,
      Type<T> type,
      String defaultText,
      String defaultMeaning,
      String sentence,
      Set<Trait> traits) {
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
    this.traits = traits;
  }

  /** A key of the program's own start: its value is read once and never changes. */
  static <T> Key<T> of(String name, Type<T> type, String defaultText, String sentence) {
    return new Key<>(name, type, defaultText, "", sentence, EnumSet.noneOf(Trait.class));
  }

  /**
   * A key of a policy, which may change while calls flow: who reads it asks for the settings of the
   * moment.
   *
   * @param defaultText the default as it would be written in a file
   * @param sentence what the setting does, for people
   */
  public static <T> Key<T> live(String name, Type<T> type, String defaultText, String sentence) {
    return of(name, type, defaultText, sentence).with(Trait.LIVE);
  }

  /** The same for a key whose value may differ by method: {@code name@selector=value}. */
  public Key<T> perMethod() {
    return with(Trait.PER_METHOD);
  }

  /**
   * The same for a key whose value may differ by service, and is one for all methods of it: {@code
   * name@service=value}, or a pattern of services.
   */
  public Key<T> perService() {
    return with(Trait.PER_METHOD).with(Trait.PER_SERVICE);
  }

  /** The same for a key whose default stands for something that only the running program knows. */
  public Key<T> defaultMeans(String meaning) {
    return new Key<>(name, type, defaultText, meaning, sentence, traits);
  }

  /** The same for a key whose value is never shown. */
  Key<T> neverShown() {
    return with(Trait.SECRET);
  }

  private Key<T> with(Trait trait) {
    Set<Trait> more = EnumSet.copyOf(traits);
    more.add(trait);
    return new Key<>(name, type, defaultText, defaultMeaning, sentence, more);
  }

  /** {@code client.timeout}. */
  public String name() {
    return name;
  }

  /**
   * As it is written for a selector, {@code client.timeout@helloworld.Greeter}.
   *
   * @param selector empty for the plain setting
   */
  public String name(String selector) {
    return selector.isEmpty() ? name : name + "@" + selector;
  }

  /** The selector in what {@link #name(String)} gives; empty for the plain setting. */
  public static String selectorOf(String written) {
    int at = written.indexOf('@');
    return at < 0 ? "" : written.substring(at + 1);
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
    return traits.contains(Trait.PER_METHOD);
  }

  /** Whether the selector may not be one of a method. */
  boolean isPerService() {
    return traits.contains(Trait.PER_SERVICE);
  }

  /** Whether it can be changed while the program runs; else it may be read once and kept. */
  public boolean isLive() {
    return traits.contains(Trait.LIVE);
  }

  public boolean isSecret() {
    return traits.contains(Trait.SECRET);
  }

  @Override
  public String toString() {
    return name;
  }
}
