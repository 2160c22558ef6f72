package io.meshagent.core.config;

/** A value and the selector it was written for. Immutable. */
public final class Selected<T> {

  private final T value;
  private final String selector;

  Selected(T value, String selector) {
    this.value = value;
    this.selector = selector;
  }

  public T value() {
    return value;
  }

  /** The text after {@code @}; empty for the plain setting and for the default. */
  public String selector() {
    return selector;
  }
}
